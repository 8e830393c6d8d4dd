"""What the scripts here have in common: how they reach a vCenter, and how they tell the test what they saw."""

import json
import ssl
import sys

# Debian's own, whichever other python is first on the path.
sys.path.append('/usr/lib/python3/dist-packages')

import strict_reader  # noqa: E402
from pyVim.connect import SmartConnect  # noqa: E402
from pyVmomi import vim, vmodl  # noqa: E402

HOST = '127.0.0.1'
USER = 'user'
PASSWORD = 'pass'


def connect(password=PASSWORD):
    """Logs in at the port of the first argument, trusting nobody but the authority of the second."""
    port, authority = sys.argv[1:3]
    context = ssl.create_default_context(cafile=authority)
    assert context.verify_mode == ssl.CERT_REQUIRED and context.check_hostname
    return SmartConnect(host=HOST, port=int(port), user=USER, pwd=password, sslContext=context)


def all_of(content, kind):
    """Every object of a type, by a view of the whole inventory."""
    view = content.viewManager.CreateContainerView(content.rootFolder, [kind], True)
    try:
        return list(view.view)
    finally:
        view.Destroy()


def fault_of(action):
    """The type of the fault that an action ends with; None when it ends well."""
    try:
        action()
    except vmodl.MethodFault as fault:
        return strict_reader.wsdl_name(type(fault))
    return None


def tell(seen):
    """To the test: what was seen, and how the replies that it was seen in were not as the WSDL has them."""
    json.dump({'seen': seen, 'violations': sorted(strict_reader.violations)}, sys.stdout)
