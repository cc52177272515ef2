// Writes stacks that AWS CDK makes of the services our rules are about: what CDK makes, deploys.
//   npm install --ignore-scripts aws-cdk-lib@2.276.0 constructs
//   NODE_PATH=node_modules node constructs.js FOLDER
'use strict';

const cdk = require('aws-cdk-lib');
const {
  aws_apigateway: apigateway,
  aws_apigatewayv2: apigatewayv2,
  aws_apigatewayv2_integrations: integrations,
  aws_autoscaling: autoscaling,
  aws_cloudfront: cloudfront,
  aws_cloudfront_origins: origins,
  aws_cloudwatch: cloudwatch,
  aws_cloudwatch_actions: actions,
  aws_codebuild: codebuild,
  aws_codepipeline: codepipeline,
  aws_codepipeline_actions: steps,
  aws_cognito: cognito,
  aws_dynamodb: dynamodb,
  aws_ec2: ec2,
  aws_ecs: ecs,
  aws_ecs_patterns: patterns,
  aws_elasticloadbalancingv2: elb,
  aws_events: events,
  aws_events_targets: targets,
  aws_iam: iam,
  aws_kinesis: kinesis,
  aws_kms: kms,
  aws_lambda: lambda,
  aws_lambda_event_sources: sources,
  aws_logs: logs,
  aws_rds: rds,
  aws_s3: s3,
  aws_s3_notifications: notifications,
  aws_scheduler: scheduler,
  aws_scheduler_targets: schedules,
  aws_secretsmanager: secrets,
  aws_sns: sns,
  aws_sns_subscriptions: subscriptions,
  aws_sqs: sqs,
  aws_stepfunctions: states,
  aws_stepfunctions_tasks: tasks,
  custom_resources: custom,
} = cdk;

const KEY = { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } };
const CODE = `
const { DynamoDBClient, GetItemCommand, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const { KMSClient, EncryptCommand } = require('@aws-sdk/client-kms');
const { S3Client, PutObjectCommand } = require('@aws-sdk/client-s3');
const dynamodb = new DynamoDBClient({}), kms = new KMSClient({}), s3 = new S3Client({});
exports.handler = async () => {
  await kms.send(new EncryptCommand({ KeyId: process.env.KEY, Plaintext: Buffer.from('x') }));
  await dynamodb.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { id: { S: '1' } } }));
  await s3.send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: 'k', Body: 'x' }));
  return dynamodb.send(new GetItemCommand({ TableName: process.env.TABLE, Key: { id: { S: '1' } } }));
};`;

const python = (stack, id = 'Function', more = {}) =>
  new lambda.Function(stack, id, {
    runtime: lambda.Runtime.PYTHON_3_13,
    handler: 'index.handler',
    code: lambda.Code.fromInline('def handler(event, context):\n    return 1\n'),
    ...more,
  });
const processor = (stack, environment) =>
  new lambda.Function(stack, 'Processor', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline(CODE),
    environment,
  });
const alarm = (stack, id, metric) => metric.createAlarm(stack, id, { threshold: 1, evaluationPeriods: 1 });
const metric = (namespace, metricName, dimensionsMap) =>
  new cloudwatch.Metric({ namespace, metricName, dimensionsMap });

const ANYWHERE = {
  TableWithKey: (stack) =>
    new dynamodb.Table(stack, 'Table', {
      ...KEY,
      encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED,
      stream: dynamodb.StreamViewType.NEW_IMAGE,
    }),
  TableThatScales(stack) {
    const table = new dynamodb.Table(stack, 'Table', {
      ...KEY,
      billingMode: dynamodb.BillingMode.PROVISIONED,
    });
    table
      .autoScaleReadCapacity({ minCapacity: 1, maxCapacity: 5 })
      .scaleOnUtilization({ targetUtilizationPercent: 70 });
  },
  FunctionWithGrants(stack) {
    const [key, table, bucket] = [
      new kms.Key(stack, 'Key'),
      new dynamodb.Table(stack, 'Table', KEY),
      new s3.Bucket(stack, 'Bucket'),
    ];
    const made = processor(stack, { KEY: key.keyArn, TABLE: table.tableName, BUCKET: bucket.bucketName });
    key.grantEncryptDecrypt(made);
    table.grantReadWriteData(made);
    bucket.grantReadWrite(made);
  },
  FunctionWithAliasAndArn(stack) {
    const alias = new kms.Alias(stack, 'Alias', {
      aliasName: 'alias/app',
      targetKey: new kms.Key(stack, 'Key'),
    });
    const table = new dynamodb.Table(stack, 'Table', {
      ...KEY,
      encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED,
    });
    const bucket = new s3.Bucket(stack, 'Bucket', { encryption: s3.BucketEncryption.KMS });
    const made = processor(stack, { KEY: alias.aliasName, TABLE: table.tableArn, BUCKET: bucket.bucketName });
    table.grantFullAccess(made);
    bucket.grantPut(made);
    alias.grantEncrypt(made);
  },
  FunctionWithManagedPolicies(stack) {
    const made = processor(stack, { KEY: 'alias/app', TABLE: 'orders', BUCKET: 'documents-1' });
    for (const name of ['AmazonDynamoDBFullAccess', 'AmazonS3FullAccess']) {
      made.role.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName(name));
    }
    made.addToRolePolicy(new iam.PolicyStatement({ actions: ['kms:*'], resources: ['*'] }));
  },
  FunctionWithAliasAndUrl: (stack) =>
    python(stack, 'Function', { deadLetterQueueEnabled: true })
      .addAlias('live', { provisionedConcurrentExecutions: 1 })
      .addFunctionUrl(),
  Alarms(stack) {
    const topic = new sns.Topic(stack, 'Topic');
    const [made, table, queue] = [
      python(stack),
      new dynamodb.Table(stack, 'Table', KEY),
      new sqs.Queue(stack, 'Queue'),
    ];
    const bucket = { BucketName: new s3.Bucket(stack, 'Bucket').bucketName };
    [
      made.metricErrors(),
      made.metricThrottles(),
      made.metricDuration({ statistic: 'p99' }),
      table.metricConsumedReadCapacityUnits(),
      table.metricUserErrors(),
      table.metricThrottledRequestsForOperation('GetItem'),
      table.metricSystemErrorsForOperations({ operations: [dynamodb.Operation.GET_ITEM] }),
      queue.metricApproximateNumberOfMessagesVisible(),
      topic.metricNumberOfNotificationsFailed(),
      metric('AWS/S3', 'BucketSizeBytes', { ...bucket, StorageType: 'StandardStorage' }),
      metric('AWS/S3', '4xxErrors', { ...bucket, FilterId: 'EntireBucket' }),
      metric('Custom', 'Anything', { Of: 'ours' }),
      new cloudwatch.MathExpression({
        expression: 'e/i',
        usingMetrics: { e: made.metricErrors(), i: made.metricInvocations() },
      }),
    ].forEach((one, index) =>
      alarm(stack, `Alarm${index}`, one).addAlarmAction(new actions.SnsAction(topic)),
    );
    const inner = alarm(stack, 'Inner', made.metricErrors());
    new cloudwatch.CompositeAlarm(stack, 'Composite', { alarmRule: inner }).addAlarmAction(
      new actions.SnsAction(topic),
    );
  },
  AlarmOfAnInstance: (stack) =>
    alarm(stack, 'Alarm', metric('AWS/EC2', 'StatusCheckFailed', { InstanceId: 'i-1' })).addAlarmAction(
      new actions.Ec2Action(actions.Ec2InstanceAction.REBOOT),
    ),
  EncryptedTopicAndQueue(stack) {
    const key = new kms.Key(stack, 'Key');
    key.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
      }),
    );
    const topic = new sns.Topic(stack, 'Topic', { masterKey: key });
    const queue = new sqs.Queue(stack, 'Queue', { encryptionMasterKey: key });
    topic.addSubscription(new subscriptions.SqsSubscription(queue));
    topic.addSubscription(new subscriptions.LambdaSubscription(python(stack)));
    alarm(stack, 'Alarm', metric('Custom', 'Anything')).addAlarmAction(new actions.SnsAction(topic));
  },
  EncryptedLogs(stack) {
    const key = new kms.Key(stack, 'Key');
    new logs.LogGroup(stack, 'Logs', { encryptionKey: key });
    key.grantEncryptDecrypt(new iam.ServicePrincipal('logs.amazonaws.com'));
  },
  MultiRegionKey(stack) {
    const principal = { AWS: `arn:${stack.partition}:iam::${stack.account}:root` };
    const statement = { Effect: 'Allow', Principal: principal, Action: 'kms:*', Resource: '*' };
    const key = new kms.CfnKey(stack, 'Key', {
      multiRegion: true,
      keyPolicy: { Version: '2012-10-17', Statement: [statement] },
    });
    new kms.CfnAlias(stack, 'Alias', { aliasName: 'alias/app', targetKeyId: key.ref });
  },
  Replication(stack) {
    const destination = new s3.Bucket(stack, 'Destination', { versioned: true });
    const replicationRules = [{ destination, priority: 1, id: 'all' }];
    new s3.Bucket(stack, 'Source', { versioned: true, replicationRules });
  },
  ReplicationOfEncrypted(stack) {
    const kmsKey = new kms.Key(stack, 'Key');
    const encryption = s3.BucketEncryption.KMS;
    const destination = new s3.Bucket(stack, 'Destination', {
      versioned: true,
      encryptionKey: kmsKey,
      encryption,
    });
    const replicationRules = [
      {
        destination,
        kmsKey,
        sseKmsEncryptedObjects: true,
        deleteMarkerReplication: true,
      },
    ];
    new s3.Bucket(stack, 'Source', { versioned: true, encryption, replicationRules });
  },
  BucketWithEverything(stack) {
    const bucket = new s3.Bucket(stack, 'Bucket', {
      enforceSSL: true,
      autoDeleteObjects: true,
      removalPolicy: cdk.RemovalPolicy.DESTROY,
      eventBridgeEnabled: true,
      serverAccessLogsBucket: new s3.Bucket(stack, 'Logs'),
      lifecycleRules: [{ expiration: cdk.Duration.days(3) }],
    });
    bucket.addEventNotification(
      s3.EventType.OBJECT_CREATED,
      new notifications.LambdaDestination(python(stack)),
    );
  },
  StateMachine: (stack) =>
    new states.StateMachine(stack, 'Machine', {
      definitionBody: states.DefinitionBody.fromChainable(
        new tasks.LambdaInvoke(stack, 'Invoke', { lambdaFunction: python(stack) }).next(
          new states.Succeed(stack, 'Done'),
        ),
      ),
      logs: { destination: new logs.LogGroup(stack, 'Logs') },
    }),
  Schedule: (stack) =>
    new scheduler.Schedule(stack, 'Schedule', {
      schedule: scheduler.ScheduleExpression.rate(cdk.Duration.minutes(5)),
      target: new schedules.LambdaInvoke(python(stack), {}),
    }),
  EventTargets(stack) {
    const rule = new events.Rule(stack, 'Rule', { schedule: events.Schedule.rate(cdk.Duration.hours(1)) });
    const definitionBody = states.DefinitionBody.fromChainable(new states.Pass(stack, 'Pass'));
    rule.addTarget(new targets.SqsQueue(new sqs.Queue(stack, 'Queue')));
    rule.addTarget(new targets.KinesisStream(new kinesis.Stream(stack, 'Stream')));
    rule.addTarget(
      new targets.SfnStateMachine(new states.StateMachine(stack, 'Machine', { definitionBody })),
    );
    rule.addTarget(new targets.LambdaFunction(python(stack)));
    rule.addTarget(new targets.CloudWatchLogGroup(new logs.LogGroup(stack, 'Logs')));
  },
  EventSources(stack) {
    const stream = dynamodb.StreamViewType.NEW_IMAGE;
    const startingPosition = lambda.StartingPosition.LATEST;
    const made = python(stack);
    made.addEventSource(
      new sources.DynamoEventSource(new dynamodb.Table(stack, 'Table', { ...KEY, stream }), {
        startingPosition,
      }),
    );
    made.addEventSource(new sources.SqsEventSource(new sqs.Queue(stack, 'Queue')));
    made.addEventSource(
      new sources.KinesisEventSource(new kinesis.Stream(stack, 'Stream'), { startingPosition }),
    );
    made.addEventSource(new sources.SnsEventSource(new sns.Topic(stack, 'Topic')));
  },
  CustomResources(stack) {
    const onEventHandler = python(stack);
    const { serviceToken } = new custom.Provider(stack, 'Provider', { onEventHandler });
    new cdk.CustomResource(stack, 'Resource', { serviceToken, properties: { Anything: true } });
    new custom.AwsCustomResource(stack, 'Call', {
      onUpdate: {
        service: 's3',
        action: 'ListBuckets',
        physicalResourceId: custom.PhysicalResourceId.of('call'),
      },
      policy: custom.AwsCustomResourcePolicy.fromSdkCalls({ resources: ['*'] }),
    });
  },
  Network(stack) {
    const vpc = new ec2.Vpc(stack, 'Vpc', { flowLogs: { all: {} } });
    vpc.addInterfaceEndpoint('Sqs', { service: ec2.InterfaceVpcEndpointAwsService.SQS });
    const group = new autoscaling.AutoScalingGroup(stack, 'Group', {
      vpc,
      instanceType: new ec2.InstanceType('t3.micro'),
      machineImage: ec2.MachineImage.latestAmazonLinux2023(),
    });
    new elb.ApplicationLoadBalancer(stack, 'Balancer', { vpc })
      .addListener('Http', { port: 80 })
      .addTargets('Group', { port: 80, targets: [group] });
  },
  Containers: (stack) =>
    new patterns.ApplicationLoadBalancedFargateService(stack, 'Service', {
      taskImageOptions: { image: ecs.ContainerImage.fromRegistry('nginx') },
      circuitBreaker: { rollback: true },
    }),
  Databases(stack) {
    const engine = rds.DatabaseClusterEngine.auroraPostgres({
      version: rds.AuroraPostgresEngineVersion.VER_15_4,
    });
    const vpc = new ec2.Vpc(stack, 'Vpc');
    const writer = rds.ClusterInstance.serverlessV2('Writer');
    const made = new rds.DatabaseCluster(stack, 'Cluster', { vpc, engine, writer });
    made.addProxy('Proxy', { secrets: [made.secret], vpc });
  },
  Apis(stack) {
    const handler = python(stack);
    new apigateway.LambdaRestApi(stack, 'Rest', { handler, cloudWatchRole: true });
    new apigatewayv2.HttpApi(stack, 'Http').addRoutes({
      path: '/x',
      integration: new integrations.HttpLambdaIntegration('Integration', handler),
    });
    new cognito.UserPool(stack, 'Users', {
      mfa: cognito.Mfa.OPTIONAL,
      mfaSecondFactor: { sms: true, otp: true },
    });
  },
  Distribution: (stack) =>
    new cloudfront.Distribution(stack, 'Distribution', {
      defaultBehavior: {
        origin: origins.S3BucketOrigin.withOriginAccessControl(new s3.Bucket(stack, 'Bucket')),
      },
      webAclId: 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/b',
    }),
  Pipeline(stack) {
    const input = new codepipeline.Artifact();
    const bucket = new s3.Bucket(stack, 'Bucket', { versioned: true });
    const project = new codebuild.PipelineProject(stack, 'Project');
    const source = new steps.S3SourceAction({
      actionName: 'Source',
      bucket,
      bucketKey: 'k.zip',
      output: input,
    });
    new codepipeline.Pipeline(stack, 'Pipeline', {
      stages: [
        { stageName: 'Source', actions: [source] },
        { stageName: 'Build', actions: [new steps.CodeBuildAction({ actionName: 'Build', project, input })] },
      ],
    });
  },
  Secret(stack) {
    const secret = new secrets.Secret(stack, 'Secret', {
      encryptionKey: new kms.Key(stack, 'Key'),
      replicaRegions: [{ region: 'us-west-2' }],
    });
    const made = python(stack, 'Function', { environment: { SECRET: secret.secretArn } });
    secret.grantRead(made);
    secret.addRotationSchedule('Rotation', { rotationLambda: made });
  },
  Conditions(stack) {
    const stage = new cdk.CfnParameter(stack, 'Stage', { default: 'dev' });
    const condition = new cdk.CfnCondition(stack, 'IsProd', {
      expression: cdk.Fn.conditionEquals(stage, 'prod'),
    });
    const letters = new sqs.CfnQueue(stack, 'Letters');
    letters.cfnOptions.condition = condition;
    const redrive = { deadLetterTargetArn: letters.attrArn, maxReceiveCount: 3 };
    new sqs.CfnQueue(stack, 'Queue', {
      queueName: cdk.Fn.conditionIf('IsProd', 'orders', cdk.Aws.NO_VALUE).toString(),
      redrivePolicy: cdk.Fn.conditionIf('IsProd', redrive, { Ref: 'AWS::NoValue' }),
    });
    new cdk.CfnOutput(stack, 'LettersUrl', { value: letters.ref, condition });
  },
};

const replicated = (more) => (stack) =>
  new dynamodb.TableV2(stack, 'Table', {
    ...KEY,
    replicas: [{ region: 'us-west-2' }],
    ...more(stack),
  });
const IN_ONE_ACCOUNT = {
  GlobalTable: replicated(() => ({ pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true } })),
  GlobalTableWithAwsKeys: replicated(() => ({ encryption: dynamodb.TableEncryptionV2.awsManagedKey() })),
  GlobalTableWithKeys: replicated((stack) => ({
    encryption: dynamodb.TableEncryptionV2.customerManagedKey(new kms.Key(stack, 'Key'), {
      'us-west-2': 'arn:aws:kms:us-west-2:111122223333:key/abc',
    }),
  })),
};

const app = new cdk.App({ outdir: process.argv[2] });
const env = { account: '111122223333', region: 'us-east-1' };
for (const [name, fill] of Object.entries(ANYWHERE)) {
  fill(new cdk.Stack(app, name));
}
for (const [name, fill] of Object.entries({ ...ANYWHERE, ...IN_ONE_ACCOUNT })) {
  fill(new cdk.Stack(app, `${name}InOneAccount`, { env }));
}
app.synth();
