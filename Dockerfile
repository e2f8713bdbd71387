# One image for every process of the house; compose.yaml says which runs what.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
ENV ENVIRONMENT=production HOST=0.0.0.0 PORT=8000
WORKDIR /app

COPY requirements.txt ./
RUN python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement requirements.txt

COPY wsgi.py ./
COPY migrations ./migrations
COPY marketplace ./marketplace

# uploads, where no bucket holds them: a volume takes its owner from here
RUN install --directory --owner=nobody /files

USER nobody
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["python", "-m", "gunicorn", "--config", "python:marketplace.local.web", "wsgi:app"]
