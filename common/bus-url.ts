/** Whether a URL names a broker that carries events for all (RabbitMQ, Kafka), and not named channels. */
export function isBusUrl(url: string): boolean {
  return /^(?:amqps?|kafka):/.test(url);
}

/** The brokers of a URL `kafka://host:port,host:port`, as written; undefined for any other URL. */
export function kafkaBrokersOf(url: string): readonly string[] | undefined {
  const [, hosts] = /^kafka:\/\/([^/?#@]*)\/?$/.exec(url) ?? [];
  return hosts?.split(',');
}
