// oxlint-disable-next-line import/no-default-export
export default { test: { server: { deps: { inline: ['everysource'] } } } };
