import { z } from 'zod';

/** Answers of Keystone's API v3, as far as they are read. */

const endpoint = z.object({
  interface: z.string(),
  url: z.string(),
  region: z.string().nullish(),
  region_id: z.string().nullish(),
});

const catalogEntry = z.object({ type: z.string(), endpoints: z.array(endpoint) });
export type CatalogEntry = z.infer<typeof catalogEntry>;

export const tokenAnswer = z.object({
  token: z.object({
    /** ISO 8601. */
    issued_at: z.string(),
    expires_at: z.string(),
    /** Left out of a token that is for no project. */
    project: z.object({ id: z.string() }).optional(),
    catalog: z.array(catalogEntry).default([]),
  }),
});
