import { FieldResolver, Resolver, Root } from 'type-graphql';
import { TaskType } from '../tasks';
import { BackendDirectory } from './backend-directory';
import { backendType } from './backend.resolver';
import { BackendType } from './backend.type';

/** Stands here because tasks know no other noun. */
@Resolver(() => TaskType)
export class TaskBackendResolver {
  constructor(private readonly directory: BackendDirectory) {}

  @FieldResolver(() => BackendType, {
    nullable: true,
    description: 'The backend that it works on; null where that is not recorded.',
  })
  backend(@Root() task: TaskType): BackendType | null {
    // Absent in events of earlier versions.
    return typeof task.backendId === 'string' ? backendType(this.directory, task.backendId) : null;
  }
}
