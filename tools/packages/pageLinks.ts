import { posix } from 'node:path';

/**
 * A page with its links as they are right in a package.
 *
 * @param path of the page in the repository
 * @param carried the pages that the package carries, by their paths; `path#section` if its page of that name is another one, which has this section too
 * @param address of the repository; without one, what leads out of the package is text
 */
export function withLinksOfPackage(
  path: string,
  page: string,
  carried: readonly string[],
  address: string | undefined,
): string {
  return page.replace(
    /(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)/g,
    (link: string, image: string, text: string, href: string) => {
      if (/^(?:[a-z][a-z+.-]*:|#)/i.test(href)) return link;
      const [file = '', anchor] = href.split('#', 2);
      const target = posix.join(posix.dirname(path), file).replace(/\/$/, '');
      if (carried.includes(target) || carried.includes(`${target}#${anchor ?? ''}`)) return link;
      if (address === undefined) return image === '' ? `${text} (\`${target}\` in the repository)` : '';
      const place = image === '' ? 'blob' : 'raw';
      return `${image}[${text}](${address}/${place}/HEAD/${target}${anchor === undefined ? '' : `#${anchor}`})`;
    },
  );
}
