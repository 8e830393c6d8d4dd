import { SimulatedClouds } from '../support/simulated-clouds';

jest.setTimeout(120_000);

describe('boto3 and the simulated EC2', () => {
  let clouds: SimulatedClouds;

  beforeAll(async () => {
    clouds = await SimulatedClouds.start();
  });

  afterAll(async () => {
    await clouds.stop();
  });

  test('takes an instance through its life, and waits for each state', async () => {
    expect(await clouds.boto3('instance_life')).toEqual({
      // The second launch with the same token is the first one's.
      launched: { state: 'pending', again: true },
      ran: 'running',
      described: {
        type: 't3.micro',
        tags: { Name: 'made by boto3' },
        address: expect.stringMatching(/^172\.31\.\d+\.\d+$/),
        cores: 2,
        launched: true,
      },
      stopping: [['running', 'stopping']],
      stopped: 'stopped',
      started: 'running',
      terminated: 'terminated',
    });
  });

  test('finds its instances page by page, each once', async () => {
    const seen = { pages: 2, found: true, amongOthers: true, twice: false };
    expect(await clouds.boto3('instance_pages')).toEqual(seen);
  });

  test('makes networks, and does not delete one in use', async () => {
    expect(await clouds.boto3('networks')).toEqual({
      address: expect.stringMatching(/^10\.7\.1\.\d+$/),
      subnet: true,
      inUse: 'DependencyViolation',
      gone: 'InvalidVpcID.NotFound',
    });
  });

  test('understands every refusal, that of a wrong secret first', async () => {
    expect(await clouds.boto3('refusals')).toEqual({
      wrongSecret: ['SignatureDoesNotMatch', 403],
      absent: ['InvalidInstanceID.NotFound', 400],
      malformed: ['InvalidInstanceID.Malformed', 400],
      noImage: ['InvalidAMIID.NotFound', 400],
      noType: ['InvalidParameterValue', 400],
      dryRun: ['DryRunOperation', 412],
    });
  });
});
