import { query } from '../query';
import type { ImageFilter } from './requests';

export function imageUrl(id: string): string {
  return `/images/${encodeURIComponent(id)}`;
}

export function imagesUrl(
  filter: ImageFilter,
  page: { readonly limit: number; readonly marker?: string },
): string {
  return `/images${query({ ...filter, sort: 'created_at:desc,id:asc', ...page })}`;
}
