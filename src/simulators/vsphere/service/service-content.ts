import type { ObjectStore } from '../objects/object-store';
import { moRef, struct } from '../vim/values';
import type { MoRef, VimStruct } from '../vim/values';

/** The version of the API; its older versions are understood too, as nothing that they had is gone. */
export const API_VERSION = '8.0.2.0';

/** Every reference of ServiceContent before and after `about`, in the order of the WSDL. */
const FIELDS = [
  'rootFolder',
  'propertyCollector',
  'viewManager',
  'about',
  'setting',
  'userDirectory',
  'sessionManager',
  'authorizationManager',
  'serviceManager',
  'perfManager',
  'scheduledTaskManager',
  'alarmManager',
  'eventManager',
  'taskManager',
  'extensionManager',
  'customizationSpecManager',
  'customFieldsManager',
  'licenseManager',
  'searchIndex',
  'fileManager',
  'virtualDiskManager',
  'ovfManager',
  'dvSwitchManager',
  'storageResourceManager',
  'guestOperationsManager',
] as const;

export type ServiceField = Exclude<(typeof FIELDS)[number], 'about'>;
export type ServiceRefs = Readonly<Partial<Record<ServiceField, MoRef>>>;

export const SERVICE_INSTANCE = moRef('ServiceInstance', 'ServiceInstance');
export const SESSION_MANAGER = moRef('SessionManager', 'SessionManager');
export const PROPERTY_COLLECTOR = moRef('PropertyCollector', 'propertyCollector');
export const VIEW_MANAGER = moRef('ViewManager', 'ViewManager');

const OWN_REFS: ServiceRefs = {
  propertyCollector: PROPERTY_COLLECTOR,
  viewManager: VIEW_MANAGER,
  sessionManager: SESSION_MANAGER,
};

/** What the root of all clients' knowledge says: who answers here, and where everything else begins. */
export interface ServiceDescription {
  /** The services of the model: at least `rootFolder`. Those that are not objects of the store yet become such. */
  readonly refs: ServiceRefs;
  /** A UUID that stays the same as long as the inventory does. */
  readonly instanceUuid: string;
}

/** Adds the objects that every client begins with; what the store holds already stays as it is. */
export function addServiceObjects(store: ObjectStore, description: ServiceDescription): void {
  const refs = { ...description.refs, ...OWN_REFS };
  for (const ref of Object.values(refs)) if (!store.get(ref)) store.add(ref, {});
  const content = serviceContent(refs, about(description.instanceUuid));
  const properties = { capability: struct('Capability', CAPABILITY), content };
  if (store.get(SERVICE_INSTANCE)) store.update(SERVICE_INSTANCE, properties);
  else store.add(SERVICE_INSTANCE, properties);
  store.update(SESSION_MANAGER, { defaultLocale: 'en' });
}

const CAPABILITY = { provisioningSupported: true, multiHostSupported: true, userShellAccessSupported: false };

function serviceContent(refs: ServiceRefs, aboutInfo: VimStruct): VimStruct {
  const fields = FIELDS.map((field) => [field, field === 'about' ? aboutInfo : refs[field]] as const);
  return struct('ServiceContent', Object.fromEntries(fields));
}

function about(instanceUuid: string): VimStruct {
  return struct('AboutInfo', {
    name: 'Hypergate vSphere simulator',
    fullName: 'Hypergate vSphere simulator 1 (vim25 8.0)',
    vendor: 'Hypergate',
    version: '8.0.2',
    build: '1',
    localeVersion: 'INTL',
    localeBuild: '000',
    osType: 'linux-x64',
    productLineId: 'vpx',
    apiType: 'VirtualCenter',
    apiVersion: API_VERSION,
    instanceUuid,
  });
}

const PRIOR_VERSIONS = [
  ['8.0.1.0', '8.0.0.1', '7.0.3.2', '7.0.3.0', '7.0.2.0', '7.0.1.1', '7.0.0.2', '7.0'],
  ['6.9.1', '6.8.7', '6.7.3', '6.7.2', '6.7.1', '6.7', '6.5', '6.0', '5.5', '5.1', '5.0', '4.1', '4.0'],
].flat();

/** What `GET /sdk/vimServiceVersions.xml` answers. */
export function serviceVersions(): string {
  const prior = PRIOR_VERSIONS.map((version) => `<version>${version}</version>`).join('');
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<namespaces version="1.0"><namespace><name>urn:vim25</name>' +
    `<version>${API_VERSION}</version><priorVersions>${prior}</priorVersions></namespace></namespaces>\n`
  );
}
