/** Makes keepalived read its configuration again. */
export const hangUp = 1;
/** Asks for keepalived.data, and the checkers and BFD for their dumps. */
export const usr1 = 10;
/** Asks for keepalived.stats. Of keepalived's children only the VRRP process handles it. */
export const usr2 = 12;
/** Ends keepalived. */
export const terminate = 15;
/**
 * Ask for keepalived.json: SIGRTMIN + 2, where glibc begins with 34 and musl with 35. SIGRTMAX - 1 clears the counters:
 * never sent.
 */
export const jsonSignals = [36, 37];
