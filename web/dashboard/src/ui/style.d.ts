// Custom properties in `style`, so that a stylesheet can use what only the page knows.

import 'react';

declare module 'react' {
  interface CSSProperties {
    [property: `--${string}`]: string | number | undefined;
  }
}
