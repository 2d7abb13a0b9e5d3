@echo off
rem Starts the provider for the Pulumi engine.
where node >nul 2>nul
if errorlevel 1 (
  echo pulumi-resource-salesforce-eca: Node.js 22.19 or newer is required, and there is no "node" on PATH 1>&2
  exit /b 1
)
node "%~dp0main.js" %*
exit /b %errorlevel%
