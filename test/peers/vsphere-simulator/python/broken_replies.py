"""
Holds replies that are wrong, each in one way, against the WSDL: proof that the strict reader sees it.

    broken_replies.py
"""

import vcenter
import strict_reader
from pyVmomi import SoapAdapter, vim

ENVELOPE = (
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><XResponse xmlns="urn:vim25">'
    '<returnval>{}</returnval></XResponse></soapenv:Body></soapenv:Envelope>'
)
MOUNT = '<path>/x</path><accessMode>readWrite</accessMode>'

REPLIES = {
    'right': (vim.host.MountInfo, MOUNT),
    'order': (vim.host.MountInfo, '<accessMode>readWrite</accessMode><path>/x</path>'),
    'missing': (vim.host.MountInfo, '<path>/x</path>'),
    'twice': (vim.host.MountInfo, '<path>/x</path>' + MOUNT),
    'item': (vim.vm.ConfigSpec, '<extraConfig xsi:type="HostMountInfo">' + MOUNT + '</extraConfig>'),
    'field': (vim.host.MountInfo, MOUNT + '<toaster>1</toaster>'),
    'enumeration': (vim.SharesInfo, '<shares>1</shares><level>toast</level>'),
    'number': (vim.SharesInfo, '<shares>many</shares><level>low</level>'),
    'reference': (vim.dvs.HostMember.ConfigSpec, '<operation>add</operation><host type="Datastore">x</host>'),
}


def read(kind, fields):
    strict_reader.violations.clear()
    stub = SoapAdapter.SoapStubAdapter(version='vim.version.version13')
    try:
        SoapAdapter.SoapResponseDeserializer(stub).Deserialize(ENVELOPE.format(fields).encode(), kind)
    except Exception as error:
        return [type(error).__name__]
    return sorted(strict_reader.violations)


found = {name: read(*reply) for name, reply in REPLIES.items()}
strict_reader.violations.clear()
vcenter.tell(found)
