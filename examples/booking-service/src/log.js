/** One JSON object a line on standard output. */
export function logger(service, version) {
  return (event, details = {}) => {
    const line = { timestamp: new Date().toISOString(), service, version, event, ...details };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  };
}
