import { describeBehaviour } from './behaviour';
import { startSimulator } from './simulator';

describeBehaviour('against the simulator', () => startSimulator(), { timeoutMs: 30_000, pauses: false });
