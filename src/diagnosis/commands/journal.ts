/**
 * The log of keepalived, whatever its unit is called: of several keepalived it is such as `keepalived@web`, in an amphora
 * of Octavia `octavia-keepalived`.
 */
export const keepalivedJournal = "journalctl -u '*keepalived*'";
