import { runSimulator } from './run-simulator';
import { SIMULATORS } from '../simulators/registry';

runSimulator(process.argv.slice(2), SIMULATORS);
