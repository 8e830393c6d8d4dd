import { z } from 'zod';

/** Answers of Glance's API, as far as they are read. */

export const image = z.object({
  id: z.string(),
  name: z.string().nullish(),
  /** queued, saving, active, killed, deleted, deactivated … */
  status: z.string(),
  /** GiB; 0 for no demand. */
  min_disk: z.number(),
  /** MiB; 0 for no demand. */
  min_ram: z.number(),
  /** Bytes of the file; null until it is there. */
  size: z.number().nullish(),
  /** Bytes of the disk that is in the file; null where Glance does not know. */
  virtual_size: z.number().nullish(),
  disk_format: z.string().nullish(),
  /** ISO 8601. */
  created_at: z.string(),
});
export type Image = z.infer<typeof image>;

export const imagePage = z.object({ images: z.array(image), next: z.string().optional() });
