/**
 * Whether a path is below a mount that cannot be written to, from /proc/PID/mounts: `proc /proc/sys proc ro,nosuid 0 0`. The
 * mount with the longest path counts, and of several on one path the last.
 */
export function isReadOnly(text: string, path: string): boolean {
  let [deepest, readOnly] = ['', false];
  for (const line of text.split('\n')) {
    const [, mountPoint = '', , options = ''] = line.split(' ');
    if (mountPoint === '' || !isBelow(path, mountPoint) || mountPoint.length < deepest.length) continue;
    [deepest, readOnly] = [mountPoint, options.split(',').includes('ro')];
  }
  return readOnly;
}

function isBelow(path: string, mountPoint: string): boolean {
  return mountPoint === '/' || path === mountPoint || path.startsWith(`${mountPoint}/`);
}
