//! A remote machine, as contrib/remote.ini has it: an sshd on loopback, mounted with sshfs by a hook.

use crate::kit::{Sandbox, has, is_root, skipped, wait_until};
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

/// An sshd that ends with the test.
struct Sshd(Child, u16);

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn keygen(sandbox: &Sandbox, name: &str) {
    let made =
        Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(sandbox.path(name)).status();
    assert!(made.unwrap().success());
}

fn sshd(sandbox: &Sandbox) -> Option<Sshd> {
    if !is_root() || !["sshfs", "ssh-keygen", "fusermount"].iter().all(|program| has(program)) {
        return None;
    }
    let program = std::path::Path::new("/usr/sbin/sshd");
    if !program.exists() || !std::path::Path::new("/dev/fuse").exists() {
        skipped("there is no sshd or no FUSE");
        return None;
    }
    let _ = fs::create_dir_all("/run/sshd");
    ["host", "me"].iter().for_each(|name| keygen(sandbox, name));
    fs::copy(sandbox.path("me.pub"), sandbox.path("authorized")).unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let at = |name: &str| sandbox.path(name).display().to_string();
    let text = format!(
        "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nStrictModes no\nPidFile none\n\
         UsePAM no\nPermitRootLogin yes\nSubsystem sftp internal-sftp\n",
        at("host"),
        at("authorized")
    );
    fs::write(sandbox.path("sshd.conf"), text).unwrap();
    let child = Command::new(program).args(["-D", "-e", "-f", &at("sshd.conf")]).stderr(Stdio::null()).spawn().unwrap();
    let sshd = Sshd(child, port);
    wait_until(|| TcpStream::connect(("127.0.0.1", port)).is_ok());
    Some(sshd)
}

/// The example with the paths and the port of this test.
fn preset(sandbox: &Sandbox, port: u16) {
    let at = |name: &str| sandbox.path(name).display().to_string();
    let text = fs::read_to_string("contrib/remote.ini").unwrap();
    let text = text.replace("root@univac:/ ", &format!("-p {port} root@127.0.0.1:{} ", at("far")));
    let text = text.replace("/etc/dsb/univac", &at("me")).replace("/mnt/univac", &at("near"));
    let text = text
        .replace("UserKnownHostsFile=/etc/dsb/known_hosts", "StrictHostKeyChecking=no,UserKnownHostsFile=/dev/null");
    let text = text.replace("shelf-01", &at("drive"));
    let after = text.find("after = ").unwrap();
    let text = format!(
        "{}after = fusermount -u {}\nfailed = fusermount -u {} || true\n",
        &text[..after],
        at("near"),
        at("near")
    );
    fs::write(sandbox.path("remote.ini"), text).unwrap();
}

#[test]
fn a_remote_machine_is_a_mount_and_what_cannot_be_mounted_stays_as_it_was() {
    let sandbox = Sandbox::with_disks("");
    sandbox.ok("source unmap /s");
    let Some(sshd) = sshd(&sandbox) else { return };
    sandbox.tree("far").file("etc/host", "univac").file("usr/lib/x", "x").file("proc/1", "x");
    sandbox.tree("far").file("home/me/letter", "dear all").file("home/proc/1", "of a user");
    ["near", "drive"].iter().for_each(|name| fs::create_dir_all(sandbox.path(name)).unwrap());
    preset(&sandbox, sshd.1);
    sandbox.ok("run remote.ini").says("[univac]");
    sandbox.ok("ls /univac/home/me/letter");
    sandbox.ok("ls /univac/home/proc/1");
    sandbox.code(3, "ls /univac/proc/1");
    assert!(fs::read_dir(sandbox.path("near")).unwrap().next().is_none(), "it is unmounted again");
    sandbox.tree("far").file("home/me/letter", "dear all, once more").remove("etc/host");
    sandbox.ok("run remote.ini");
    sandbox.code(3, "ls /univac/etc/host");
    drop(sshd);
    let ran = sandbox.code(3, "run remote.ini");
    assert!(ran.err.contains("[univac]: before ended with"), "{}", ran.err);
    sandbox.code(3, "update").says("stays as it was last seen");
    sandbox.ok("ls /univac/home/me/letter");
    sandbox.ok("restore --from drive out");
    assert_eq!(fs::read_to_string(sandbox.path("out/univac/home/me/letter")).unwrap(), "dear all, once more");
}
