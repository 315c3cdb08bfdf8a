/** The page at `/`: what this is and where its metrics are. */
export function landingPage(version: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>lvs-exporter</title>
<style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem }</style>
</head>
<body>
<h1>lvs-exporter</h1>
<p>Prometheus metrics of IPVS, connection tracking and keepalived. Version ${version}.</p>
<ul>
<li><a href="/metrics">Metrics</a></li>
<li><a href="/-/healthy">Healthy</a>: the process answers</li>
<li><a href="/-/ready">Ready</a>: every collector has run</li>
</ul>
</body>
</html>
`;
}
