import { Ec2LineError } from './client';

/** A page of one of EC2's listings. */
interface ListedPage {
  readonly NextToken?: string | undefined;
}

/** A million instances: beyond it is no list that EC2 gives. */
const MOST_PAGES = 1_000;

/**
 * All pages of a listing, in their order.
 * @param ask asks for one page; the token is absent for the first
 * @throws Ec2LineError for a listing that has no end
 */
export async function allPages<T extends ListedPage>(
  ask: (page: { NextToken?: string }) => Promise<T>,
): Promise<readonly T[]> {
  const pages: T[] = [];
  let token: string | undefined;
  do {
    const page = await ask(token === undefined ? {} : { NextToken: token });
    pages.push(page);
    if (page.NextToken && (page.NextToken === token || pages.length >= MOST_PAGES))
      throw new Ec2LineError('BAD_ANSWER', 'A listing does not end.');
    // The last page has an empty token or none.
    token = page.NextToken === '' ? undefined : page.NextToken;
  } while (token !== undefined);
  return pages;
}
