import { allPages, hasNext } from '../paging';
import type { Call } from '../options';
import type { Service } from '../service';
import type { CreateServer, PageQuery, ServerAction, ServerFilter } from './requests';
import * as results from './results';
import type { Server } from './results';
import { serversUrl, urls } from './urls';

export interface ServerPage {
  readonly servers: readonly Server[];
  /** The marker of the next page; null on the last. */
  readonly next: string | null;
}

export class ServerCalls {
  constructor(private readonly service: Service) {}

  /** Accepted: the server is in BUILD. Repeated, it makes another one. @returns the server's id */
  async create(server: CreateServer, call: Call): Promise<string> {
    const secrets = server.user_data === undefined ? [] : [server.user_data];
    const request = { method: 'POST', path: urls.servers, body: { server }, secrets } as const;
    return (await this.service.read(request, results.createdServer, call)).server.id;
  }

  /** Null for what is gone. */
  async get(id: string, call: Call): Promise<Server | null> {
    const request = { method: 'GET', path: urls.server(id) } as const;
    return (await this.service.find(request, results.serverAnswer, call))?.server ?? null;
  }

  /** Newest first. Some clouds list what was just deleted, with the status DELETED. */
  async page(filter: ServerFilter, page: PageQuery, call: Call): Promise<ServerPage> {
    const request = { method: 'GET', path: serversUrl(filter, page) } as const;
    const answer = await this.service.read(request, results.serverPage, call);
    return {
      servers: answer.servers,
      next: hasNext(answer.servers_links) ? (answer.servers.at(-1)?.id ?? null) : null,
    };
  }

  /** All pages. What changes meanwhile may be missing or come twice. */
  list(filter: ServerFilter, call: Call): Promise<readonly Server[]> {
    return allPages(async (query) => {
      const { servers, next } = await this.page(filter, query, call);
      return { items: servers, more: next !== null };
    });
  }

  /** Accepted: the server answers for a while yet. False where it is gone. */
  delete(id: string, call: Call): Promise<boolean> {
    return this.service.remove(urls.server(id), call);
  }

  /** Accepted. 409 where the state does not allow it, or other work is under way. */
  act(id: string, action: ServerAction, call: Call): Promise<void> {
    return this.service.write({ method: 'POST', path: urls.serverAction(id), body: action }, call);
  }

  /** The last `lines` lines, or all. 409 before there is a console, 404 where the server is gone. */
  async consoleOutput(id: string, lines: number | null, call: Call): Promise<string> {
    const body = { 'os-getConsoleOutput': lines === null ? {} : { length: lines } };
    const request = { method: 'POST', path: urls.serverAction(id), body } as const;
    return (await this.service.read(request, results.consoleOutput, call)).output ?? '';
  }

  /** Null for a server that is gone. */
  async metadata(id: string, call: Call): Promise<Readonly<Record<string, string>> | null> {
    const request = { method: 'GET', path: urls.serverMetadata(id) } as const;
    return (await this.service.find(request, results.metadataAnswer, call))?.metadata ?? null;
  }

  /** Adds these keys, or changes them; the others stay. */
  async setMetadata(id: string, metadata: Readonly<Record<string, string>>, call: Call): Promise<void> {
    await this.service.write({ method: 'POST', path: urls.serverMetadata(id), body: { metadata } }, call);
  }
}
