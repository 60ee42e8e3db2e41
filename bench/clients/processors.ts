/** How many processors this process keeps busy from now on, on average. */
export function busyProcessors(): () => number {
  const before = process.cpuUsage();
  const began = performance.now();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000 / (performance.now() - began);
  };
}
