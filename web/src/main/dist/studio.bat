@echo off
rem Runs the program on Windows, by the Java of the distribution if it has one, else by a JDK 17 or newer; STUDIO_JAVA_OPTS is handed to Java.
setlocal EnableExtensions DisableDelayedExpansion

for %%I in ("%~dp0..") do set "home=%%~fI"

set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java"
if exist "%home%\runtime\bin\java.exe" set "java=%home%\runtime\bin\java"

rem The first line that names a version holds it in quotes.
set "version="
for /f tokens^=2^ delims^=^" %%V in ('call "%java%" -version 2^>^&1 ^| findstr /c:" version "') do if not defined version set "version=%%V"
if not defined version (
    echo studio: no java found; install a JDK 17 or newer, or set JAVA_HOME 1>&2
    exit /b 1
)
for /f "tokens=1 delims=.-+" %%M in ("%version%") do set "major=%%M"
if %major% LSS 17 (
    echo studio: Java 17 or newer is needed, %java% is %version%; install one or set JAVA_HOME 1>&2
    exit /b 1
)

rem The heap is small and tensors lie outside it: the serial collector takes the least memory and no threads.
set "flags=-Xlog:disable -Xlog:all=error:stderr -Djava.awt.headless=true -Dai.djl.offline=true"
echo %STUDIO_JAVA_OPTS% %JAVA_TOOL_OPTIONS% %JDK_JAVA_OPTIONS% | findstr /r /c:"-XX:+Use.*GC" >nul
if errorlevel 1 set "flags=%flags% -XX:+UseSerialGC"
if %major% GEQ 22 set "flags=%flags% --enable-native-access=ALL-UNNAMED"

rem Nothing is fetched or reported at run time.
set "OPT_OUT_TRACKING=true"

"%java%" %flags% "-Dstudio.models=%home%\models\diffusion" "-Dstudio.scoring.models=%home%\models\scoring" "-Dstudio.adapters=%home%\models\adapters" %STUDIO_JAVA_OPTS% -jar "%home%\app\web.jar" %*
exit /b %ERRORLEVEL%
