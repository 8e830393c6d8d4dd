import { measureThroughput } from './throughput';

export async function run(): Promise<void> {
  console.log(await measureThroughput('gateway-server'));
  console.log(await measureThroughput('stock-server'));
}
