"""Who does the work of a study: processes of this machine, or a cluster."""

from sertool.experiments.workers.cluster import ClusterWorkers
from sertool.experiments.workers.jobs import Job, Workers
from sertool.experiments.workers.local import LocalWorkers

__all__ = ["ClusterWorkers", "Job", "LocalWorkers", "Workers", "hire"]


def hire(jobs: int, scheduler: str | None) -> Workers:
    """Return `jobs` processes of this machine, or the workers of the Dask scheduler at an address."""
    return ClusterWorkers(scheduler) if scheduler else LocalWorkers(jobs)
