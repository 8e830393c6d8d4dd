/** The service instance and sessions. Source: VMware vSphere Web Services API, WSDL vim25. */
import { dateTime, int, moRef, optional, string, struct } from './combinators';
import type { Infer } from './schema';

export const AboutInfo = struct('AboutInfo', {
  name: string,
  fullName: string,
  vendor: string,
  version: string,
  build: string,
  osType: optional(string),
  productLineId: optional(string),
  /** `VirtualCenter`, or `HostAgent` for an ESXi host by itself. */
  apiType: string,
  apiVersion: string,
  instanceUuid: optional(string),
});

/** Where all ids begin: each but these has to be asked for. ESXi and old versions lack some of the managers. */
export const ServiceContent = struct('ServiceContent', {
  rootFolder: moRef('Folder'),
  propertyCollector: moRef('PropertyCollector'),
  viewManager: optional(moRef('ViewManager')),
  about: AboutInfo,
  sessionManager: optional(moRef('SessionManager')),
  taskManager: optional(moRef('TaskManager')),
  customFieldsManager: optional(moRef('CustomFieldsManager')),
  searchIndex: optional(moRef('SearchIndex')),
  dvSwitchManager: optional(moRef('DistributedVirtualSwitchManager')),
});
export type ServiceContent = Infer<typeof ServiceContent>;

export const UserSession = struct('UserSession', {
  key: string,
  userName: string,
  fullName: optional(string),
  loginTime: dateTime,
  lastActiveTime: dateTime,
  ipAddress: optional(string),
});

export const PrivilegePolicyDef = struct('PrivilegePolicyDef', {
  createPrivilege: string,
  readPrivilege: string,
  updatePrivilege: string,
  deletePrivilege: string,
});

export const CustomFieldDef = struct('CustomFieldDef', {
  key: int,
  name: string,
  type: string,
  /** The kind of object that may carry it; absent: every kind. */
  managedObjectType: optional(string),
});

/** A custom field's value on an object. */
export const CustomFieldValue = struct('CustomFieldValue', { key: int });
export const CustomFieldStringValue = struct(
  'CustomFieldStringValue',
  { value: string },
  { extends: CustomFieldValue },
);
