export { VmFeed } from './vm-feed';
