import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { BackendDirectory } from '../backends';
import { requireScope } from '../graphql';
import type { RequestContext } from '../graphql';
import { invalidArgument } from '../kernel';
import { unwatchedCall } from '../providers/contract';
import { VmType } from './vm.type';

const MAX_BYTES = 256 * 1024;
/** A call to the backend, not a read of the database: it weighs as much in an operation's cost. */
const COST = 50;

@Resolver(() => VmType)
export class VmConsoleResolver {
  constructor(
    private readonly backends: BackendDirectory,
    private readonly installationId: string,
  ) {}

  @FieldResolver(() => String, {
    nullable: true,
    complexity: COST,
    description:
      'The end of what its guest wrote on the first serial port, read from the backend right now. For operators; ' +
      'null until the VM is made. UNSUPPORTED when the backend keeps no such log.',
  })
  async consoleLog(
    @Root() { vm }: VmType,
    @Ctx() context: RequestContext,
    @Arg('maxBytes', () => Int, {
      defaultValue: 16_384,
      description: 'How much of its end at most, in bytes: 1 to 262144.',
    })
    maxBytes: number,
  ): Promise<string | null> {
    requireScope(context).requireRole('OPERATOR');
    if (maxBytes < 1 || maxBytes > MAX_BYTES) {
      throw invalidArgument('maxBytes', `must be from 1 to ${String(MAX_BYTES)}.`);
    }
    if (vm.externalId === null) return null;
    const { provider } = this.backends.require(vm.backendId);
    const marker = {
      installationId: this.installationId,
      tenantId: vm.tenantId,
      objectId: vm.id,
      operationId: vm.createTaskId ?? '',
    };
    const call = unwatchedCall(AbortSignal.timeout(15_000), context.logger);
    return provider.readConsoleLog({ externalId: vm.externalId, marker }, maxBytes, call);
  }
}
