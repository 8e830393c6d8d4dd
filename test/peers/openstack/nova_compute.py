"""nova-compute, which looks for its driver in nova_virt here as well: Nova loads drivers from its own package alone."""

import os
import sys

import nova.virt
from nova.cmd.compute import main

nova.virt.__path__.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'nova_virt'))
sys.argv[0] = 'nova-compute'
sys.exit(main())
