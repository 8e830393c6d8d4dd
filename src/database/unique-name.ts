import { AppError } from '../kernel';
import { isUniqueViolation } from './database-errors';

/**
 * Runs `work`, in which the unique index on a name (or a slug) is the last judge of whether it is taken.
 * @param owner whose name it would be, for the message: `another VM of the tenant`
 * @throws ALREADY_EXISTS naming the field
 */
export async function withUniqueName<T>(field: string, owner: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const what = field.slice(field.lastIndexOf('.') + 1);
    throw new AppError('ALREADY_EXISTS', `${field}: ${owner} has this ${what}.`, { details: { field } });
  }
}
