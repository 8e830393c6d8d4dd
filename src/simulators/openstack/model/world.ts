import type {
  ApplicationCredential,
  Flavor,
  FloatingIp,
  Image,
  Keypair,
  Network,
  Port,
  Project,
  Router,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  User,
} from './records';
import type { Server } from './server-record';

/** Records by their ids, in the order in which they were made. */
type Table<Row> = Map<string, Row>;

/** Everything that the cloud knows. Whoever changes a record says so by `changed`. */
export class World {
  readonly projects: Table<Project> = new Map();
  readonly users: Table<User> = new Map();
  readonly applicationCredentials: Table<ApplicationCredential> = new Map();
  readonly flavors: Table<Flavor> = new Map();
  readonly images: Table<Image> = new Map();
  /** By the user's id and the name. */
  readonly keypairs: Table<Keypair> = new Map();
  readonly servers: Table<Server> = new Map();
  readonly networks: Table<Network> = new Map();
  readonly subnets: Table<Subnet> = new Map();
  readonly routers: Table<Router> = new Map();
  readonly ports: Table<Port> = new Map();
  readonly securityGroups: Table<SecurityGroup> = new Map();
  readonly securityGroupRules: Table<SecurityGroupRule> = new Map();
  readonly floatingIps: Table<FloatingIp> = new Map();
  private listener: () => void = () => undefined;

  onChange(listener: () => void): void {
    this.listener = listener;
  }

  changed(): void {
    this.listener();
  }

  now(): number {
    return Date.now();
  }
}
