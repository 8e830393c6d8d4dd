import type { Actions } from '../model/action';
import type { World } from '../model/world';
import { describeImages } from './describe-images';

export function imageActions(world: World): Actions {
  return {
    DescribeImages: (parameters) => describeImages(world, parameters),
  };
}
