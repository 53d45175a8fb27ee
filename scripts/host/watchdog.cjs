// Stands in for VS Code's native watchdog (@vscode/native-watchdog), which the installation leaves unbuilt: an
// extension host ends when the server that started it is gone. Copied into the host by install.mjs.
exports.start = (serverPid) => {
  const look = () => {
    try {
      process.kill(serverPid, 0);
    } catch {
      process.exit(87);
    }
  };
  setInterval(look, 1000).unref();
};

exports.exit = (code) => process.exit(code ?? 0);
