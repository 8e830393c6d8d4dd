/** The files of a small project: path → source text. */
export type Tree = Readonly<Record<string, string>>;

export interface Violation {
  /** The rule that has to notice it. */
  readonly rule: string;
  /** What the tree does wrong, for the test's title. */
  readonly wrong: string;
  readonly tree: Tree;
}

const thing = 'export const thing = 1;';

/** `from` imports `to` (a path under the tree's root, or a package); both files exist. */
function importing(from: string, to: string): Tree {
  if (!to.includes('/')) return { [from]: `import * as used from '${to}';\nexport { used };` };
  const up = '../'.repeat(from.split('/').length - 1);
  return {
    [from]: `import * as used from '${up}${to.replace(/\.ts$/, '')}';\nexport { used };`,
    [to]: thing,
  };
}

/** For each rule at least one tree that breaks it. */
export const violations: readonly Violation[] = [
  rule('1-kernel-alone', 'src/kernel/ids.ts', 'src/tasks/index.ts'),
  rule('1-kernel-alone', 'src/kernel/ids.ts', 'src/config/index.ts'),
  rule('2-noun-order-tenants', 'src/tenants/tenant.service.ts', 'src/vms/index.ts'),
  rule('2-noun-order-tenants', 'src/tenants/tenant.service.ts', 'src/backends/index.ts'),
  rule('2-noun-order-backends', 'src/backends/backend.service.ts', 'src/networks/index.ts'),
  rule('2-noun-order-allocations', 'src/allocations/allocation.service.ts', 'src/vms/index.ts'),
  rule('2-noun-order-templates', 'src/templates/template.service.ts', 'src/networks/index.ts'),
  rule('2-noun-order-networks', 'src/networks/network.service.ts', 'src/templates/index.ts'),
  rule('2-noun-order-vms', 'src/vms/vm.service.ts', 'src/inventory/index.ts'),
  rule('3-no-noun-below', 'src/tasks/engine.ts', 'src/vms/index.ts'),
  rule('3-no-noun-below', 'src/database/transaction.ts', 'src/tenants/index.ts'),
  rule('3-no-noun-below', 'src/graphql/server.ts', 'src/vms/index.ts'),
  rule('3-tasks-below-nouns', 'src/tasks/engine.ts', 'src/providers/contract/index.ts'),
  rule('3-events-below-tasks', 'src/events/event-feed.ts', 'src/tasks/index.ts'),
  rule('3-database-below-events', 'src/database/options.ts', 'src/events/outbox.table.ts'),
  rule('4-nouns-through-index', 'src/vms/vm.service.ts', 'src/tenants/tenant.store.ts'),
  rule('4-nouns-through-index', 'src/vms/vm.service.ts', 'src/tasks/task.store.ts'),
  rule('5-layers-resolver', 'src/vms/vm.resolver.ts', 'src/vms/vm.store.ts'),
  rule('5-layers-resolver', 'src/vms/vm.resolver.ts', 'src/vms/vm.table.ts'),
  rule('5-layers-resolver', 'src/tasks/task.resolver.ts', 'src/tasks/task.store.ts'),
  rule('5-layers-type', 'src/vms/vm.type.ts', 'src/vms/vm.table.ts'),
  rule('5-layers-loader', 'src/vms/vm.loader.ts', 'src/vms/vm.table.ts'),
  rule('5-layers-workflow', 'src/vms/create-vm.workflow.ts', 'src/vms/vm.resolver.ts'),
  rule('5-layers-service', 'src/vms/vm.service.ts', 'src/vms/vm.table.ts'),
  rule('5-layers-service', 'src/vms/vm.service.ts', 'src/vms/vm.resolver.ts'),
  rule('5-layers-store', 'src/vms/vm.store.ts', 'src/vms/vm.service.ts'),
  rule('5-layers-table', 'src/vms/vm.table.ts', 'src/vms/vm.store.ts'),
  rule('5-domain-plain', 'src/vms/vm.ts', 'zod'),
  rule('5-domain-plain', 'src/vms/vm.ts', 'src/vms/vm.store.ts'),
  rule('6-provider-island', 'src/providers/libvirt/provider.ts', 'src/providers/memory/index.ts'),
  rule('6-provider-island', 'src/providers/libvirt/client/wire.ts', 'src/tasks/index.ts'),
  rule('6-provider-island', 'src/providers/ec2/provider.ts', 'src/providers/registry.ts'),
  rule('6-contract-below-providers', 'src/providers/contract/vm.ts', 'src/providers/memory/index.ts'),
  rule('6-only-registry-names-providers', 'src/vms/vm.service.ts', 'src/providers/libvirt/index.ts'),
  rule('6-only-registry-names-providers', 'src/simulators/ec2/server.ts', 'src/providers/ec2/index.ts'),
  rule('6-contract-through-index', 'src/vms/vm.service.ts', 'src/providers/contract/vm.ts'),
  rule('6-only-root-takes-registry', 'src/backends/backend.service.ts', 'src/providers/registry.ts'),
  rule('6-simulator-island', 'src/simulators/ec2/server.ts', 'src/vms/index.ts'),
  rule('6-only-root-takes-simulators', 'src/vms/vm.service.ts', 'src/simulators/index.ts'),
  rule('6-nobody-imports-the-root', 'src/vms/vm.service.ts', 'src/gateway/nouns.ts'),
  rule('6-nobody-imports-the-root', 'src/tasks/task.service.ts', 'src/main.ts'),
  rule('7-type-graphql-at-the-edge', 'src/vms/vm.service.ts', 'type-graphql'),
  rule('7-typeorm-in-the-store', 'src/vms/vm.service.ts', 'typeorm'),
  rule('7-typeorm-in-the-store', 'src/providers/registry.ts', 'typeorm'),
  {
    rule: 'no-circular',
    wrong: 'two files import each other, one of them only for a type',
    tree: {
      'src/vms/a.ts': "import { b } from './b';\nexport type A = 1;\nexport const a = b;",
      'src/vms/b.ts': "import type { A } from './a';\nexport const b: A = 1;",
    },
  },
  {
    rule: 'no-folder-cycle',
    wrong: 'two nouns import each other through different files',
    tree: {
      'src/templates/index.ts': "export { price } from './price';",
      'src/templates/price.ts': 'export const price = 1;',
      'src/templates/plan.ts': "import { size } from '../networks';\nexport const plan = size;",
      'src/networks/index.ts': "export { size } from './size';",
      'src/networks/size.ts': 'export const size = 1;',
      'src/networks/cost.ts': "import { price } from '../templates';\nexport const cost = price;",
    },
  },
  { rule: 'no-orphans', wrong: 'a file stands alone', tree: { 'src/vms/left-over.ts': thing } },
  rule('no-dev-dependencies-in-src', 'src/vms/vm.service.ts', 'jest'),
  rule('no-undeclared-packages', 'src/vms/vm.service.ts', 'undeclared'),
  rule('no-unresolvable', 'src/vms/vm.service.ts', 'nowhere-to-be-found'),
  rule('no-test-code-in-src', 'src/vms/vm.service.ts', 'test/support/clock.ts'),
  rule('no-test-code-in-src', 'src/vms/vm.service.ts', 'src/vms/vm.test.ts'),
  rule('known-folders-only', 'src/main.ts', 'src/utilities/index.ts'),
];

function rule(name: string, from: string, to: string): Violation {
  return { rule: name, wrong: `${from} imports ${to}`, tree: importing(from, to) };
}

/** What the house is meant to look like: every import here is allowed. */
export const lawful: Tree = {
  'ormconfig.ts': "import 'typeorm';\nimport './src/database/options';",
  'src/main.ts': "import './gateway/gateway';",
  'src/gateway/gateway.ts':
    "import '../config';\nimport '../database/options';\nimport '../graphql/server';\nimport '../providers/registry';\n" +
    "import '../simulators';\nimport '../tasks';\nimport '../tenants';\nimport '../vms';\nimport 'typeorm';\nimport 'type-graphql';",
  'src/commands/emit-schema.ts': "import '../gateway/gateway';",
  'src/config/index.ts': "import '../kernel';\nimport 'zod';",
  'src/kernel/index.ts': "export * from './ids';",
  'src/kernel/ids.ts': thing,
  'src/database/options.ts': "import 'typeorm';\nimport '../kernel';",
  'src/graphql/server.ts': "import 'type-graphql';\nimport '../kernel';",
  'src/tasks/index.ts': "import './task.store';\nimport '../graphql/server';",
  'src/events/index.ts': "import '../database/options';",
  'src/tasks/task.store.ts': "import '../events';\nimport 'typeorm';\nimport '../database/options';",
  'src/tenants/index.ts': "export * from './tenant.service';",
  'src/tenants/tenant.service.ts': thing,
  'src/vms/index.ts': "import './vm.resolver';\nimport './create-vm.workflow';\nimport './vm.loader';",
  'src/vms/vm.ts': "import '../kernel';",
  'src/vms/vm.table.ts': "import 'typeorm';\nimport './vm';",
  'src/vms/vm.store.ts': "import 'typeorm';\nimport './vm.table';\nimport '../database/options';",
  'src/vms/vm.service.ts':
    "import './vm.store';\nimport './vm';\nimport '../tenants';\nimport '../tasks';\nimport '../providers/contract';",
  'src/vms/vm.loader.ts': "import './vm.store';",
  'src/vms/vm.type.ts': "import 'type-graphql';\nimport './vm';",
  'src/vms/vm.resolver.ts':
    "import 'type-graphql';\nimport './vm.service';\nimport './vm.loader';\nimport './vm.type';",
  'src/vms/create-vm.workflow.ts': "import '../tasks';\nimport './vm.store';",
  'src/vms/vm.service.test.ts':
    "import './vm.service';\nimport 'typeorm';\nimport 'jest';\nimport '../../test/support/clock';",
  'src/providers/contract/index.ts': "import '../../kernel';",
  'src/providers/registry.ts': "import './libvirt';\nimport './memory';\nimport './contract';",
  'src/providers/libvirt/index.ts': "import './client/wire';\nimport '../contract';\nimport '../../kernel';",
  'src/providers/libvirt/client/wire.ts': thing,
  'src/providers/memory/index.ts': "import '../contract';",
  'src/simulators/index.ts': "import '../kernel';",
  'test/support/clock.ts': thing,
};
