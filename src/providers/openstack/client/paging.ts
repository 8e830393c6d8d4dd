const PAGE_SIZE = 1_000;
/** A server that always tells of another page is not followed for ever. */
const MOST_PAGES = 1_000;

export interface ItemsPage<T> {
  readonly items: readonly T[];
  readonly more: boolean;
}

/** The API's way of saying that there is another page; clouds cap the limit, so that a page's length says nothing. */
export function hasNext(links: readonly { readonly rel: string }[] | undefined): boolean {
  return links?.some(({ rel }) => rel === 'next') === true;
}

/** Reads page after page, each beginning after the last item of the one before. */
export async function allPages<T extends { readonly id: string }>(
  read: (page: { readonly limit: number; readonly marker?: string }) => Promise<ItemsPage<T>>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let marker: string | undefined;
  for (let count = 0; count < MOST_PAGES; count += 1) {
    const { items, more } = await read({ limit: PAGE_SIZE, ...(marker === undefined ? {} : { marker }) });
    for (const item of items) all.push(item);
    const last = items.at(-1)?.id;
    if (!more || last === undefined || last === marker) break;
    marker = last;
  }
  return all;
}
