"""
Who gets in, and what becomes of a session that others end.

    sessions.py PORT CA
"""

import ssl
import sys

import vcenter
from pyVim.connect import Disconnect, SmartConnect
from pyVmomi import vim


def stranger_to_its_authority():
    """Trusts the authorities of the system only."""
    try:
        SmartConnect(
            host=vcenter.HOST,
            port=int(sys.argv[1]),
            user=vcenter.USER,
            pwd=vcenter.PASSWORD,
            sslContext=ssl.create_default_context(),
        )
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    return None


seen = {
    'wrongPassword': vcenter.fault_of(lambda: vcenter.connect('wrong')),
    'unknownAuthority': stranger_to_its_authority() is not None,
}

instance = vcenter.connect()
content = instance.RetrieveContent()
manager = content.sessionManager
view = content.viewManager.CreateContainerView(content.rootFolder, [vim.VirtualMachine], True)
key = manager.currentSession.key
seen['userName'] = manager.currentSession.userName
seen['secondLogin'] = vcenter.fault_of(lambda: manager.Login(vcenter.USER, vcenter.PASSWORD))

administrator = vcenter.connect()
sessions = administrator.content.sessionManager
seen['listed'] = key in [one.key for one in sessions.sessionList]
seen['active'] = sessions.SessionIsActive(key, vcenter.USER)
sessions.TerminateSession([key])
seen['activeAfterwards'] = sessions.SessionIsActive(key, vcenter.USER)
seen['terminateAgain'] = vcenter.fault_of(lambda: sessions.TerminateSession([key]))

seen['lost'] = {
    'property': vcenter.fault_of(lambda: content.rootFolder.childEntity),
    'method': vcenter.fault_of(lambda: content.rootFolder.CreateFolder('nobody')),
    'view': vcenter.fault_of(lambda: view.view),
    # What is known without a session.
    'about': instance.RetrieveContent().about.apiType,
    'currentSession': manager.currentSession,
}
manager.Login(vcenter.USER, vcenter.PASSWORD)
seen['again'] = {
    'isNew': manager.currentSession.key != key,
    'datacenters': [one.name for one in content.rootFolder.childEntity],
    'view': vcenter.fault_of(lambda: view.view),
}
Disconnect(instance)
seen['loggedOut'] = vcenter.fault_of(lambda: content.rootFolder.childEntity)
vcenter.tell(seen)
