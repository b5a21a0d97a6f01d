#!/usr/bin/env bash
# A Slurm cluster of two nodes on this machine, for a test: munged, slurmctld and two slurmd on the loopback address, all
# in one folder, gone when the script ends.
#
#   slurm_cluster.sh FOLDER COMMAND...     runs COMMAND with SLURM_CONF set
#
# With NODE_DOWN_AFTER_S set, node n1 is taken down that many seconds after COMMAND began, its processes killed.
# Exit code 77: Slurm or munge is not installed, or the daemons do not start here.
set -u
folder=$(realpath "$1")
shift
PATH=$PATH:/usr/sbin:/sbin
for program in munged slurmctld slurmd sbatch squeue scontrol; do
  command -v $program >/dev/null || { echo "$program is not installed"; exit 77; }
done
[ "$(id -u)" = 0 ] || { echo "slurmd starts as root only"; exit 77; }

host=$(hostname -s)
port=$((20000 + $$ % 20000))
export SLURM_CONF=$folder/slurm.conf
mkdir -p "$folder"/state "$folder"/spool-n1 "$folder"/spool-n2
chmod 755 "$folder"
head -c 1024 /dev/urandom >"$folder"/munge.key
chmod 400 "$folder"/munge.key
cat >"$SLURM_CONF" <<CONF
ClusterName=fit
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
CryptoType=crypto/munge
SlurmctldPort=$port
SlurmctldPidFile=$folder/ctld.pid
SlurmdPidFile=$folder/slurmd-%n.pid
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool-%n
SlurmctldLogFile=$folder/ctld.log
SlurmdLogFile=$folder/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
ReturnToService=0
SchedulerType=sched/backfill
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MaxArraySize=10001
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SlurmdParameters=config_overrides
SchedulerParameters=sched_min_interval=2000,batch_sched_delay=0,sched_interval=1
InactiveLimit=0
KillWait=2
CompleteWait=0
RebootProgram=/bin/true
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=1 RealMemory=8000 State=UNKNOWN
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=1 RealMemory=8000 State=UNKNOWN
PartitionName=all Nodes=n[1-2] Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
CONF

started=()
end() {
  scancel --state=RUNNING --state=PENDING -u root 2>/dev/null
  sleep 0.5
  for process in "${started[@]}"; do kill "$process" 2>/dev/null; done
  wait 2>/dev/null
}
trap end EXIT
munged --foreground --force --key-file="$folder"/munge.key --socket="$folder"/munge.socket --pid-file="$folder"/munge.pid \
  --log-file="$folder"/munge.log --seed-file="$folder"/munge.seed --num-threads=2 >"$folder"/munge.out 2>&1 &
started+=($!)
for _ in $(seq 100); do [ -S "$folder"/munge.socket ] && break; sleep 0.1; done
slurmctld -D -f "$SLURM_CONF" >"$folder"/ctld.out 2>&1 &
started+=($!)
slurmd -D -f "$SLURM_CONF" -N n1 >"$folder"/n1.out 2>&1 &
n1=$!
slurmd -D -f "$SLURM_CONF" -N n2 >"$folder"/n2.out 2>&1 &
started+=($n1 $!)
up=""
for _ in $(seq 300); do
  [ "$(sinfo -h -o %T -N 2>/dev/null | grep -c idle)" = 2 ] && { up=yes; break; }
  sleep 0.2
done
[ -n "$up" ] || { echo "the cluster does not start here"; cat "$folder"/*.out; sinfo 2>&1; exit 77; }

if [ -n "${NODE_DOWN_AFTER_S:-}" ]; then
  (
    sleep "$NODE_DOWN_AFTER_S"
    # As when its plug is pulled: the daemon and all that runs on it are gone, and the controller learns of it.
    for step in $(pgrep -P "$n1" 2>/dev/null) $(pgrep -f "slurmstepd: .*" 2>/dev/null); do
      grep -qz "^SLURMD_NODENAME=n1$" "/proc/$step/environ" 2>/dev/null && kill -9 "$step" 2>/dev/null
    done
    for one in /proc/[0-9]*; do
      grep -qz "^SLURMD_NODENAME=n1$" "$one/environ" 2>/dev/null && grep -qz "^SLURM_CONF=$SLURM_CONF$" "$one/environ" 2>/dev/null &&
        kill -9 "${one#/proc/}" 2>/dev/null
    done
    kill -9 "$n1" 2>/dev/null
    scontrol update nodename=n1 state=down reason="pulled the plug"
    echo "node n1 is down" >>"$folder"/node_down
  ) &
  started+=($!)
fi
"$@"
