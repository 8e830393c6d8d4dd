import { describeLineFaults } from './vsphere-line-faults';

describeLineFaults('network');
