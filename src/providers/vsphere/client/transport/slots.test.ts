import { Slots } from './slots';

const forever = new AbortController().signal;

it('gives its places in the order of asking, and passes over whoever has left', async () => {
  const slots = new Slots(1);
  const order: string[] = [];
  const leaving = new AbortController();
  await slots.take(forever);
  const second = slots.take(forever).then(() => order.push('second'));
  const left = slots.take(leaving.signal);
  const fourth = slots.take(forever).then(() => order.push('fourth'));
  leaving.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');
  expect(order).toEqual([]);
  slots.giveBack();
  await second;
  slots.giveBack();
  await fourth;
  expect(order).toEqual(['second', 'fourth']);
  slots.giveBack();
  await slots.take(forever);
  await expect(slots.take(AbortSignal.abort(new Error('late')))).rejects.toThrow('late');
});
