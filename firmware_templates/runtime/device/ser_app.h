#ifndef SER_APP_H
#define SER_APP_H

/** Test the image, say over serial what it is and whether it passed, then answer the host for ever. */
void ser_app(void);

#endif
