"""
Imported before the first connection is made, this makes pyvmomi as strict as clients that are generated from the WSDL.
By itself it reads fields by their names alone, in any order, and misses none. Here every reply has to follow the types
of the WSDL as pyvmomi knows them:

- the fields of a data object in the order of its sequence, none twice unless it is an array, the required ones there;
- the items of an array, and the values of properties of managed objects, of the types that are declared.

What does not is in `violations`, and pyvmomi's own errors (unknown fields, types and enumeration values) stay errors.
"""

from pyVmomi import SoapAdapter, VmomiSupport, vmodl

# The version 2.5 of the API, with which the namespace urn:vim25 began.
FIRST = 'vim.version.version2'

violations = set()
# How many values of each data object type were read: proof that something was looked at.
read = {}


class StrictDeserializer(SoapAdapter.SoapDeserializer):
    def Deserialize(self, *args, **kwargs):
        # For each open element: the object it is read into, and where the last field stands in its sequence.
        self.positions = []
        super().Deserialize(*args, **kwargs)

    def StartElementHandler(self, tag, attr):
        parent = self.stack[-1] if self.stack else None
        name = self.SplitTag(tag)[1]
        if isinstance(parent, VmomiSupport.DataObject):
            self.check_order(parent, name)
        super().StartElementHandler(tag, attr)
        self.check_item(declared_item(parent, name), self.stack[-1])
        self.positions.append((-1, set()))

    def EndElementHandler(self, tag):
        if self.stack:
            value = self.stack[-1]
            _, seen = self.positions.pop()
            if isinstance(value, VmomiSupport.DataObject):
                self.check_whole(value, seen)
        super().EndElementHandler(tag)

    def check_order(self, parent, name):
        fields = [info.name for info in parent._GetPropertyList()]
        if name not in fields:
            return  # pyvmomi refuses it by itself
        last, seen = self.positions[-1]
        at = fields.index(name)
        where = f'{wsdl_name(type(parent))}.{name}'
        if at < last:
            violations.add(f'{where} comes after {fields[last]}')
        if name in seen and not issubclass(parent._GetPropertyInfo(name).type, list):
            violations.add(f'{where} comes twice')
        seen.add(name)
        self.positions[-1] = (max(at, last), seen)

    def check_item(self, declared, item):
        found = item if isinstance(item, type) else type(item)
        if declared is object or issubclass(found, (declared, list)):
            return
        # A fault is read into the localized one around it.
        if not (issubclass(declared, Exception) and issubclass(found, vmodl.LocalizedMethodFault)):
            violations.add(f'{wsdl_name(found)} in an array of {wsdl_name(declared)}')

    def check_whole(self, value, seen):
        kind = type(value)
        read[wsdl_name(kind)] = read.get(wsdl_name(kind), 0) + 1
        if isinstance(value, vmodl.LocalizedMethodFault):
            return
        for name in required_fields(kind):
            if name not in seen:
                violations.add(f'{wsdl_name(kind)}.{name} is required and missing')


def declared_item(parent, name):
    """What an element is to be as an item of an array; `object` where it is none."""
    if isinstance(parent, VmomiSupport.DataObject):
        declared = parent._GetPropertyInfo(name).type
    else:
        declared = type(parent)
    return declared.Item if issubclass(declared, list) else object


def wsdl_name(kind):
    return getattr(kind, '_wsdlName', kind.__name__)


def is_required(info):
    # An array without items has no elements.
    return not info.flags & VmomiSupport.F_OPTIONAL and not issubclass(info.type, list)


def required_fields(kind):
    """
    What came later than its type, and later than the first version of this WSDL, is optional in it: it describes
    servers of every age.
    """
    for owner in kind.__mro__:
        if issubclass(owner, VmomiSupport.DataObject) and '_propList' in vars(owner):
            for info in owner._propList:
                came_first = any(VmomiSupport.IsChildVersion(first, info.version) for first in (owner._version, FIRST))
                if came_first and is_required(owner._GetPropertyInfo(info.name)):
                    yield info.name


def check_property(owner, name, value):
    """The value of a property came as `xsd:anyType`: only its own `xsi:type` says what it is."""
    declared = owner._GetPropertyInfo(name).type
    items = zip(value, [declared.Item] * len(value)) if issubclass(declared, list) else [(value, declared)]
    if issubclass(declared, list) != isinstance(value, list):
        violations.add(f'{wsdl_name(owner)}.{name} is {wsdl_name(type(value))}, not {wsdl_name(declared)}')
        return
    for item, expected in items:
        # The names of types and methods are strings on the wire.
        if expected is type or expected is VmomiSupport.ManagedMethod:
            expected = str
        if expected is not object and not isinstance(item, expected):
            violations.add(f'{wsdl_name(owner)}.{name} is {wsdl_name(type(item))}, not {wsdl_name(expected)}')


def required_properties(owner, version):
    """The names of the properties that every object of a type has in a version of the API."""
    return [
        info.name
        for info in owner._GetPropertyList()
        if is_required(info) and VmomiSupport.IsChildVersion(version, info.version)
    ]


SoapAdapter.SoapDeserializer = StrictDeserializer
