import { describeLineFaults } from './line-faults';

describeLineFaults('network');
