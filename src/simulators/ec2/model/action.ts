import type { Parameters } from '../wire/parameters';
import type { XmlObject } from '../wire/xml';

/** Answers one action with the children of its response element. Throws an `ApiError`, and has then changed nothing. */
export type Action = (parameters: Parameters) => XmlObject;

/** By the names of the actions. */
export type Actions = Readonly<Record<string, Action>>;
