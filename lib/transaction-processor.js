'use strict';
// Stores one transaction: encrypts its account number, writes its record once and its document once.
// Runs in either region; whatever it touches is named by its environment and lies in that region.
const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const { EncryptCommand, KMSClient } = require('@aws-sdk/client-kms');
const { PutObjectCommand, S3Client } = require('@aws-sdk/client-s3');

const here = { region: process.env.REGION };
const dynamodb = new DynamoDBClient(here);
const kms = new KMSClient(here);
const s3 = new S3Client(here);

const text = (pattern) => (value) => typeof value === 'string' && pattern.test(value);
const FIELDS = {
  transactionId: text(/^[A-Za-z0-9_-]{1,64}$/),
  timestamp: (value) => Number.isSafeInteger(value) && value > 0, // ms, set by the caller
  // 1e-130 is the smallest number that DynamoDB stores
  amount: (value) => typeof value === 'number' && value >= 1e-130 && value <= 1e12,
  currency: text(/^[A-Z]{3}$/),
  accountNumber: text(/^[A-Za-z0-9]{4,34}$/),
};

const answer = (statusCode, body) => ({ statusCode, body: JSON.stringify(body) });

async function encrypt(transactionId, plaintext) {
  const { CiphertextBlob } = await kms.send(new EncryptCommand({
    KeyId: process.env.KMS_KEY_ID,
    Plaintext: Buffer.from(plaintext),
    EncryptionContext: { transactionId },
  }));
  return Buffer.from(CiphertextBlob).toString('base64');
}

// The item stored under this transactionId and timestamp: this one, or an earlier run's.
async function store(item) {
  try {
    await dynamodb.send(new PutItemCommand({
      TableName: process.env.TABLE_NAME,
      Item: item,
      ConditionExpression: 'attribute_not_exists(transactionId)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }));
    return item;
  } catch (error) {
    if (error.name !== 'ConditionalCheckFailedException') throw error;
    return error.Item;
  }
}

async function file(Key, document) {
  try {
    await s3.send(new PutObjectCommand({
      Bucket: process.env.BUCKET_NAME,
      Key,
      Body: JSON.stringify(document),
      ContentType: 'application/json',
      IfNoneMatch: '*',
    }));
  } catch (error) {
    if (error.$metadata?.httpStatusCode !== 412) throw error; // 412: an earlier run filed it
  }
}

exports.handler = async (event) => {
  const input = event ?? {};
  const bad = Object.keys(FIELDS).filter((name) => !FIELDS[name](input[name]));
  if (bad.length) return answer(400, { message: 'malformed transaction', fields: bad });

  const { transactionId, timestamp, amount, currency } = input;
  const stored = await store({
    transactionId: { S: transactionId },
    timestamp: { N: String(timestamp) },
    amount: { N: String(amount) },
    currency: { S: currency },
    accountNumberEncrypted: { S: await encrypt(transactionId, input.accountNumber) },
    processedIn: { S: process.env.REGION },
    environment: { S: process.env.ENVIRONMENT },
  });
  // The account number cannot be compared: this function may encrypt, not decrypt.
  if (Number(stored.amount.N) !== amount || stored.currency.S !== currency) {
    return answer(409, { message: 'stored with another payload', transactionId, timestamp });
  }

  const document = Object.fromEntries(Object.entries(stored).map(
    ([name, { S, N }]) => [name, N === undefined ? S : Number(N)],
  ));
  const key = 'transactions/' + transactionId + '/' + timestamp + '.json';
  await file(key, document);
  return answer(200, { transactionId, timestamp, document: key, processedIn: document.processedIn });
};
