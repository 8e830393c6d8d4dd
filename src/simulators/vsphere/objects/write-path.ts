import { isArray, isStruct } from '../vim/value-kinds';
import type { VimArray, VimStruct, VimValue } from '../vim/values';
import type { PathStep } from './property-path';
import { indexOfKey } from './read-path';

/**
 * A copy of `value` with `next` at the end of the steps; undefined unsets a field and takes an element out of its
 * array, and a key that is not there yet adds one. What the path does not touch is shared with the old value.
 * @throws TypeError where the path leads through something that is unset or has no fields
 */
export function writePath(
  value: VimValue | undefined,
  steps: readonly PathStep[],
  next: VimValue | undefined,
): VimValue | undefined {
  const [step, ...rest] = steps;
  if (!step) return next;
  if (value === undefined || !isStruct(value)) {
    throw new TypeError(`There is nothing that has a field ${step.name}.`);
  }
  return withField(value, step.name, writeStep(value[step.name], step, rest, next));
}

/** As `writePath`, for a value whose own name, and perhaps key, is the first step. */
export function writeStep(
  value: VimValue | undefined,
  step: PathStep,
  rest: readonly PathStep[],
  next: VimValue | undefined,
): VimValue | undefined {
  if (step.key === null) return writePath(value, rest, next);
  if (value === undefined || !isArray(value)) throw new TypeError(`${step.name} is not an array.`);
  const index = indexOfKey(value, step.key);
  const item = writePath(value.items[index], rest, next);
  return withItem(value, index, item);
}

function withField(value: VimStruct, name: string, next: VimValue | undefined): VimStruct {
  // Keeps the place of a field that was declared as unset, and with it the order of the WSDL.
  return { ...value, [name]: next };
}

function withItem(value: VimArray, index: number, item: VimValue | undefined): VimArray {
  if (item === undefined) return { ...value, items: value.items.filter((_, at) => at !== index) };
  if (index < 0) return { ...value, items: [...value.items, item] };
  return { ...value, items: value.items.with(index, item) };
}
