import type { Actions } from '../model/action';
import type { World } from '../model/world';
import { createImage, deregisterImage } from './create-image';
import { describeImages } from './describe-images';

export function imageActions(world: World): Actions {
  world.onDue('image', (image, at) => {
    world.tables.image.put({ ...image, state: 'available', due: null }, at);
  });
  return {
    DescribeImages: (parameters) => describeImages(world, parameters),
    CreateImage: (parameters) => createImage(world, parameters),
    DeregisterImage: (parameters) => deregisterImage(world, parameters),
  };
}
