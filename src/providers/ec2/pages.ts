/** A page of one of EC2's listings. */
interface ListedPage {
  readonly NextToken?: string | undefined;
}

/** All pages of a listing, in their order. @param ask asks for one page; the token is absent for the first */
export async function allPages<T extends ListedPage>(
  ask: (page: { NextToken?: string }) => Promise<T>,
): Promise<readonly T[]> {
  const pages: T[] = [];
  let token: string | undefined;
  do {
    const page = await ask(token === undefined ? {} : { NextToken: token });
    pages.push(page);
    // The last page has an empty token or none.
    token = page.NextToken === '' ? undefined : page.NextToken;
  } while (token !== undefined);
  return pages;
}
