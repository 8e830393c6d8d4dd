import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PATHS } from './own-client';
import type { Pull, Reads } from './own-client';
import type { Server } from './servers';
import { VMS } from './servers';

const SCRIPT = `
import json, resource, sys, time
from urllib.parse import urlparse
from pyVmomi import SoapStubAdapter, vim, vmodl
url, user, password, paths, expected = urlparse(sys.argv[1]), sys.argv[2], sys.argv[3], json.loads(sys.argv[4]), int(sys.argv[5])
# A negative port is its way to say that there is no TLS.
stub = SoapStubAdapter(host=url.hostname, port=-url.port, path='/sdk', version='vim.version.version11')
content = vim.ServiceInstance('ServiceInstance', stub).RetrieveContent()
content.sessionManager.Login(user, password)
pc = vmodl.query.PropertyCollector
def pull():
    view = content.viewManager.CreateContainerView(content.rootFolder, [vim.VirtualMachine], True)
    spec = pc.FilterSpec(
        objectSet=[pc.ObjectSpec(obj=view, skip=True, selectSet=[pc.TraversalSpec(name='v', path='view', skip=False, type=vim.view.ContainerView)])],
        propSet=[pc.PropertySpec(type=vim.VirtualMachine, pathSet=paths)])
    page = content.propertyCollector.RetrievePropertiesEx([spec], pc.RetrieveOptions(maxObjects=1000))
    count = len(page.objects)
    while page.token:
        page = content.propertyCollector.ContinueRetrievePropertiesEx(page.token)
        count += len(page.objects)
    view.DestroyView()
    assert count == expected, count
rss = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
before, best = rss(), None
for _ in range(2):
    cpu, wall = time.process_time(), time.perf_counter()
    pull()
    took = (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000
    best = min(best, took) if best else took
peak = rss() - before
view = content.viewManager.CreateContainerView(content.rootFolder, [vim.VirtualMachine], True)
vm = view.view[0]
times = []
for _ in range(1000):
    begun = time.perf_counter(); vm.name; times.append((time.perf_counter() - begun) * 1000)
times.sort()
content.sessionManager.Logout()
print(json.dumps({'pull': {'wallMs': best[0], 'cpuMs': best[1], 'peakMib': peak}, 'reads': {'concurrency': 1, 'p50Ms': times[500], 'p99Ms': times[990]}}))
`;

/** Debian's python3-pyvmomi, VMware's own client for Python. */
export async function measurePyvmomi(server: Server): Promise<{ pull: Pull; reads: Reads }> {
  const { url, username, password } = server;
  const args = ['-c', SCRIPT, url, username, password, JSON.stringify(PATHS), String(VMS)];
  const { stdout } = await promisify(execFile)('/usr/bin/python3', args);
  return JSON.parse(stdout) as { pull: Pull; reads: Reads };
}
