import type { Call } from '../options';
import { allPages } from '../paging';
import type { Service } from '../service';
import type { ImageFilter } from './requests';
import * as results from './results';
import type { Image } from './results';
import { imagesUrl, imageUrl } from './urls';

/** Glance. */
export class ImageService {
  constructor(private readonly service: Service) {}

  /** Null for what is gone or hidden from the project. */
  get(id: string, call: Call): Promise<Image | null> {
    return this.service.find({ method: 'GET', path: imageUrl(id) }, results.image, call);
  }

  /** All pages, the newest first. */
  list(filter: ImageFilter, call: Call): Promise<readonly Image[]> {
    return allPages(async (page) => {
      const request = { method: 'GET', path: imagesUrl(filter, page) } as const;
      const answer = await this.service.read(request, results.imagePage, call);
      return { items: answer.images, more: answer.next !== undefined };
    });
  }
}
