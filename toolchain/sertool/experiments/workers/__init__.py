"""Who does the work of a study: processes of this machine, or a cluster."""

from sertool.experiments.workers.jobs import Job, Workers
from sertool.experiments.workers.local import LocalWorkers

__all__ = ["Job", "LocalWorkers", "Workers", "hire"]


def hire(jobs: int, scheduler: str | None) -> Workers:
    """Return `jobs` processes of this machine, or the workers of the Dask scheduler at an address."""
    if scheduler is None:
        return LocalWorkers(jobs)
    from sertool.experiments.workers.cluster import ClusterWorkers

    return ClusterWorkers(scheduler)
