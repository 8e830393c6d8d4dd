import { z } from 'zod';
import { allPages, hasNext } from '../paging';
import type { Call } from '../options';
import type { Service } from '../service';
import { collectionUrl, listUrl, memberUrl } from './urls';
import type { CollectionName, FilterValues } from './urls';

const links = z.array(z.object({ rel: z.string() })).optional();

/** What all of Neutron's collections can do. */
export class Collection<S extends z.ZodType<{ id: string }>, Create extends object, Filter extends object> {
  private readonly one: z.ZodType<Record<string, z.output<S>>>;
  private readonly page: z.ZodType<Record<string, unknown>>;
  private readonly memberKey: string;
  private readonly pageKey: string;

  /** @param memberKey how the API calls one of them in a body: `security_group` */
  constructor(
    private readonly service: Service,
    private readonly name: CollectionName,
    memberKey: string,
    schema: S,
  ) {
    this.memberKey = memberKey;
    this.pageKey = name.replaceAll('-', '_');
    this.one = z.object({ [memberKey]: schema }) as unknown as typeof this.one;
    this.page = z.object({ [this.pageKey]: z.array(schema), [`${this.pageKey}_links`]: links });
  }

  /** All pages. */
  list(filter: Filter, call: Call): Promise<readonly z.output<S>[]> {
    return allPages(async (page) => {
      const path = listUrl(this.name, filter as FilterValues, page);
      const answer = await this.service.read({ method: 'GET', path }, this.page, call);
      return {
        items: answer[this.pageKey] as z.output<S>[],
        more: hasNext(answer[`${this.pageKey}_links`] as z.output<typeof links>),
      };
    });
  }

  /** Null for what is gone. */
  async get(id: string, call: Call): Promise<z.output<S> | null> {
    const answer = await this.service.find({ method: 'GET', path: memberUrl(this.name, id) }, this.one, call);
    return answer?.[this.memberKey] ?? null;
  }

  /** Repeated, it makes another one. */
  async create(values: Create, call: Call): Promise<z.output<S>> {
    const body = { [this.memberKey]: values };
    const request = { method: 'POST', path: collectionUrl(this.name), body } as const;
    return (await this.service.read(request, this.one, call))[this.memberKey] as z.output<S>;
  }

  async update(id: string, changes: Partial<Create>, call: Call): Promise<z.output<S>> {
    const body = { [this.memberKey]: changes };
    const request = { method: 'PUT', path: memberUrl(this.name, id), body } as const;
    return (await this.service.read(request, this.one, call))[this.memberKey] as z.output<S>;
  }

  /** False where it is gone; 409 while it is in use. */
  delete(id: string, call: Call): Promise<boolean> {
    return this.service.remove(memberUrl(this.name, id), call);
  }
}
