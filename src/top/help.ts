/** What the key h shows. */
export const helpLines: readonly string[] = [
  '',
  'Tab, Right, Shift-Tab, Left   next or previous table; 1 to 6 for one of them',
  's or >, S or <                sort by the next or the previous column',
  'r                             reverse the order',
  '/ or f                        filter: rows with this text; Enter keeps it, Esc clears it',
  'Up, Down, Page Up, Page Down  scroll; Home and End, and k and j too',
  'Space or p                    pause and go on',
  'Ctrl-L                        draw the screen again',
  'q or Ctrl-C                   quit',
  '',
  'Limit%   part of the limit of the connection tracking table (nf_conntrack_max)',
  'Unrepl%  part of the entries that have seen no reply',
  'New/s    new flows or connections per second',
];
