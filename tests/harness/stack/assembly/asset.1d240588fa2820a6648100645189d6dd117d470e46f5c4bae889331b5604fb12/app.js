exports.handler = async () => process.env.TOPIC.split(':')[3]
