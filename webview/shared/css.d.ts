/** Style sheets become a file beside the page's script. */
declare module '*.css';
