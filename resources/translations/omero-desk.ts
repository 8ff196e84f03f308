<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" sourcelanguage="en">
<context>
    <name>Acquisition</name>
    <message>
        <source>Air pressure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Amplification gain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Arc lamp {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attenuation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Binning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calibrated magnification</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Carbon dioxide</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Channel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Channel {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contrast method</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correction collar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cut in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cut out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Detector settings {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Detector {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dichroic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dichroic of the light path {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dichroic {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Emission</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Emission filter of the light path {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Excitation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Excitation filter of the light path {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exposure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filament lamp {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter set {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter wheel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First plane {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fluorophore</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frequency multiplication</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Has a Pockels cell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Humidity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Illumination</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Imaging environment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Immersion</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Integration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Iris</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Laser medium</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Laser {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light emitting diode {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light settings {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lot number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Manufacturer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Medium</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Microscope</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mode</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Neutral density filter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nominal magnification</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Numerical aperture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Objective</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Offset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other light source {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pinhole</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pockels cell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Position X</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Position Y</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Position Z</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Power</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pulse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read-out rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refractive index</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Repetition rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Serial number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time since the beginning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Transmittance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tuneable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Voltage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wavelength</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Working distance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>yes</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Activities</name>
    <message numerus="yes">
        <source>%n h left</source>
        <comment>%n h left</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n min</source>
        <comment>%n min</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n min left</source>
        <comment>%n min left</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n s left</source>
        <comment>%n s left</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Activities</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Activities</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is under way</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show what is under way</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take those that have ended off the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is under way, and what has ended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What takes a while, such as saving many planes, is listed here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{title}, and %n more</source>
        <comment>{title}, and %n more</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Annotations</name>
    <message numerus="yes">
        <source>%n channels</source>
        <comment>%n channel</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n datasets</source>
        <comment>%n dataset</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n edits are not saved</source>
        <comment>%n edit is not saved</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n edits not saved</source>
        <comment>%n edit not saved</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n edits of an earlier session were not saved. You can send or discard them.</source>
        <comment>%n edit of an earlier session was not saved. You can send or discard it.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n edits to be saved</source>
        <comment>%n edit to be saved</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n fields</source>
        <comment>%n field</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n files</source>
        <comment>%n file</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n files are still being downloaded</source>
        <comment>%n file is still being downloaded</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n folders</source>
        <comment>%n folder</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n images</source>
        <comment>%n image</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <comment>%n more</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more tags</source>
        <comment>%n more tag</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n objects selected</source>
        <comment>%n object selected</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n objects: {kind}</source>
        <comment>%n object: {kind}</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n older comments</source>
        <comment>%n older comment</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n pairs</source>
        <comment>%n pair</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n plates</source>
        <comment>%n plate</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n projects</source>
        <comment>%n project</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rows</source>
        <comment>%n row</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n runs</source>
        <comment>%n run</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n screens</source>
        <comment>%n screen</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n stars</source>
        <comment>%n star</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n values</source>
        <comment>%n value</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n wells</source>
        <comment>%n well</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;1 star</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;2 stars</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;3 stars</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;4 stars</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;5 stars</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Add comment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Add tag</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>&amp;Add to all %n</source>
        <comment>&amp;Add to %n</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>&amp;Apply to %n images</source>
        <comment>&amp;Apply to %n image</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Attach</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy annotations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy paths</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Delete everywhere…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Delete tag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Discard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Download…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Edit name and description…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;History</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Name channels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;No rating</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Paste annotations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Pending edits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Preview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Properties</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Remove from what is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Rename</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Rename…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1-bit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>16-bit signed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>16-bit unsigned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>32-bit floating point</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>32-bit signed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>32-bit unsigned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>64-bit floating point</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>8-bit signed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>8-bit unsigned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A folder has no ID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A text can have at most {most} characters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Acquisition</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add &amp;key-value pair…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All that you changed in this session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comment “{text}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add &amp;tag…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A double click or Return opens it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a comment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a tag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a tag to the selection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add co&amp;mment…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add comment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add pair</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add tag</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Add tag to all %n</source>
        <comment>Add tag to %n</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Add the two columns that were copied elsewhere</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add “{text}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Added by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Added by {name}, {when}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All annotations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All edits are saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All kinds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another try has taken the place of this one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attach &amp;files…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attach a file that is there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attach a file that is there…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attach files…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attach “{text}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attached {file}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attachments</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Boolean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelling…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change of “{text}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change “{text}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Changes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Channel names of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Channel names “{text}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Channel {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Channels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Children</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comment on {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comments</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Content of the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy &amp;ID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy &amp;name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy link</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the classes and IDs of what is selected, a line each</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the names of what is selected, a line each</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy what is selected: class, ID and name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy what you wrote</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Datasets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete the tag “{name}” everywhere?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete “{text}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Description</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Description of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Description “{text}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details of the selection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Discard the selected edits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Downloaded {file}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Downloading {file}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit tag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit the description</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit this comment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edits that the server does not have yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>External ID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>External type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fields</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files of this image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fileset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From dataset “{name}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From plate “{name}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From project “{name}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From run “{name}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From screen “{name}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From well “{name}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the channels names: of an image, or of all images in what is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give what is selected another name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>History</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ID {id}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>If you close this, the text is kept as a draft until you quit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Imported from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In place: the server reads them where they were</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Info</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It changes everywhere, and for everybody who uses it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It goes from all objects, whoever put it there. This cannot be taken back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It may be there all the same: another try looks first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key-value pairs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key-value pairs of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key-value pairs “{text}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>LSID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>List</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Located in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Made by {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make the last change again that was taken back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Me</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the tag “{text}” to another set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>N&amp;ew set…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name c&amp;hannels…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name channels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the tag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Namespace: {namespace}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New set of tags</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New tag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No annotations have been copied</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No attachments</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No comments</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No description</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No files are attached in this group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No key-value pairs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No other annotations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No tables</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No tags</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not rated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not saved yet:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not saved: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing can take this change back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing has been changed yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing has been taken back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is known of how it was taken</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is known of its files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OMERO Desk cannot tell anything about {kind} {id}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OMERO Desk ended before this was sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OMERO Desk ended while this was being sent: look whether it is there before you try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OMERO link</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OMERO.web cannot show this</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On how many objects? Counting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On no object that you may see</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On the server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On {objects}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only one object can be renamed at a time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only the beginning of this very long name is known here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open – programs and scripts are only downloaded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Original metadata</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Others</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Others’</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Owner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste pairs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pending edits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pixel size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pixel type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plates</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put the tags, key-value pairs and rating that were copied on what is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ROIs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rate what is selected; the same number again takes the rating away</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rating of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rating {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ratings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remember the tags, key-value pairs and rating of what is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove this comment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove “{text}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename “{text}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sets of the tag “{text}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody else has changed the key-value pairs of these {number} objects meanwhile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody else has put this tag into its set: you may not take it out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tag “{text}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server did not take the tag out of its set.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sets are being read…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The tag “{name}” is put into it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is such a tag already: it is added as it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This set of tags is not there any more, or you may not see it any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are not allowed to put tags into this set.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{edit}: %n objects were left as they are, as somebody else has changed them since or they are gone.</source>
        <comment>{edit}: %n object was left as it is, as somebody else has changed it since or it is gone.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{edit}: those of %n objects were left as they are, as somebody else has changed them since, they are on other objects too, or may not be changed.</source>
        <comment>{edit}: those of %n object were left as they are, as somebody else has changed them since, they are on other objects too, or may not be changed.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{stars} on {on} of {all}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” cannot be read: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” did not arrive at the server as it was sent. Attach it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” is not a file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” is not there any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” was changed while it was uploaded. Attach it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{text}” added to {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{text}” attached to {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{text}” deleted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{text}” removed from {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Runs or wells</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Make set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Move to set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;None</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Create tag “{name}”…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as text…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the original metadata</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select at most {most} objects to see what is on them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select images, or datasets, plates or wells with images, that you may edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select one object</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select something in the tree or in the middle to see what is known of it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send what was not saved once more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sending…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Several names, which stay</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show what is known of the selection, in the inspector</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody else has changed the description to “{text}” meanwhile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody else has changed these key-value pairs meanwhile. Now they are: {pairs}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody else has changed this to “{text}” meanwhile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody else has named these channels “{names}” meanwhile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody else has removed the description meanwhile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody else has renamed this to “{name}” meanwhile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stays as it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tables</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tag on {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tags</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take back the last change of annotations or names</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Term</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text (*.txt)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file says nothing of itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The first {size} of the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server could not read the metadata in this image&apos;s file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server did not delete the rest of an upload.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server did not delete this annotation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server does not tell where its OMERO.web is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server is being asked for its OMERO.web</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The text has characters that a server cannot keep.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Then</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are no images with channels here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no place for a file to be opened: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is nothing to take back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is nothing written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This annotation is in another group.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This annotation is not there any more, or you may not see it any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This file is no text, or empty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is your draft: it was not added yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This object is not there any more, or you may not see it any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This was written by {author}, who is not signed in now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type a key and a value for what is selected, in the inspector</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>UUID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Upload files, and put them on what is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uploaded to the server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uploading {file}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for the connection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Web link</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wells</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What becomes of the names</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What can be done with it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What can be done with {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What you change about annotations and names can be taken back here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What you change while there is no connection waits here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What you changed and the server does not have yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What you changed here and the server does not have yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whole file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whole number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whose annotations are shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a comment on what is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>XML</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are not allowed to annotate this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are not allowed to change the channels of this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are not signed in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You cancelled this, but the server did not delete what had arrived of “{name}” (file {identity}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You cancelled this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You may</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You may not annotate all that is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You may not rename this</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your rights on what is selected are being looked up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>annotate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>being saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mixed: {low} to {high}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mixed: {low} to {high}, mean {mean}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>move</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no name</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>on %n objects</source>
        <comment>on %n object</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>the first {number} are shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>view only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{change} (undone)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{change} – {state}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done} of {all}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{edit} was not saved. {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} was not attached</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} was not downloaded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} was not downloaded. {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{first} and more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{low} or {high}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{low} to {high}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{mean} from %n</source>
        <comment>{mean} from %n</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{name} and %n others</source>
        <comment>{name} and %n other</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{name} arrived incomplete or changed, so it was not kept. Try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} could not be written: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} may be a program or a script, so OMERO Desk does not open it. You can download it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{objects} selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{on} of {all}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size}, all the same</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Connection</name>
    <message numerus="yes">
        <source>%n files</source>
        <comment>%n file</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n files cannot be read</source>
        <comment>%n file cannot be read</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n places could not be looked at</source>
        <comment>%n place could not be looked at</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n selected</source>
        <comment>%n selected</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Choose a folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Connect…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Group:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open the demo library</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Password:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Remember the password in the system&apos;s keyring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Sign in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Sign in…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Trust the new certificate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;User:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A file that the connection needs cannot be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A web socket address has no spaces in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All files can be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An IPv6 address looks like [::1] or [::1]:4064.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By its certificate OMERO Desk knows that it talks to {server} and not to somebody in between. Servers get a new one now and then, when it runs out or when they are set up anew. If nobody told you of that, ask who runs the server, and compare the new fingerprint. Nothing was sent: neither your name nor your password.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By its certificate OMERO Desk knows that it talks to {server} and not to somebody in between. The list of certificates was damaged, and is kept as {file}. If you have signed in to this server before, compare the fingerprint with one that you know, or ask who runs the server. Nothing was sent: neither your name nor your password. Once you delete that file, you are not asked about further servers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chec&amp;k the server&apos;s certificate with the system&apos;s authorities</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connect to OMERO</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connecting to {server}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>D&amp;isconnect</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Demo library</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Disconnect from the server; the window stays open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files that cannot be &amp;read…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files that cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filling {group} for {user}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide the password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images on this computer, read where they are</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>List the files of the folder that cannot be read, with the reasons</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>List the files that cannot be read, with the reasons</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at the images in a folder of this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at the images in a folder of this computer, without copying them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for {server}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Making the demo images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Making the demo images: {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most OMERO servers sign their own certificate: then leave this off. The certificate that a server showed first is remembered either way.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next try in {seconds} s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No folder of this computer is open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No images in this folder: {formats} would be shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OMERO Desk cannot read the answer of {server}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OMERO Desk cannot read which certificate {server} showed before. Either it shows the same now, or somebody else answers in its place; no password was sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OMERO Desk cannot read which certificates it knows, so it cannot tell a server from another that answers in its place. Make {file} readable, or move it away.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OMERO Desk cannot write down which certificate a server shows, so after the next start it cannot tell the server from another that answers in its place. Make {file} writable.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Offline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Online</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a &amp;folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a folder of images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the &amp;demo library</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of reading the folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of the sign-in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading groups and people of {server}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Reading images: {done} of %n files</source>
        <comment>Reading images: {done} of %n file</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Reading names for search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reconnecting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>S&amp;erver:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SHA-256 fingerprint, {when}: {fingerprint}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in again to go on where you are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in again; what is in the window stays</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in to an OMERO server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in to your institution&apos;s server, look around in the demo library, or open a folder of your own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign-in needed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signing in to {server}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signing in…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody else changed this meanwhile. Refresh, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something unexpected went wrong.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start it &amp;again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start the server that comes along, with its images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start the server that comes with OMERO Desk, with real microscope images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starting {name}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State of the connection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is a web page&apos;s address. Type the server&apos;s name, or ws:// or wss:// for a web socket.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That web socket address cannot be read: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That web socket address has no server in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The Ice that is installed cannot make sure that {server} is always the same server; no password was sent. Install OMERO Desk anew with ./run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer of the server is too large for one message.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer of {server} was garbled on the way.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection to {server} is not encrypted: others may read and change what is sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection to {server} was lost.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The demo library is ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The extension {name} failed; OMERO Desk goes on without it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The first {number} of more files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder could not be looked at: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The library cannot be signed in to.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The port is a number from 1 to 65535, not “{text}”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request to {server} failed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request was cancelled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request was interrupted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request was too large for the server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server cannot read this from its disk.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server did not accept the data.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server did not accept the request.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server did not answer within {seconds:g} seconds.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server did not understand the query.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server does not know any more what was asked for.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server does not offer this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server failed to answer this request.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server has no processor free for scripts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server is busy with this. Try again in a moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server is still preparing this image.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server refused the sign-in: the user name or the password is wrong.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OMERO Desk has lost which certificate the server showed before. Trust this one?</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n edits wait.</source>
        <comment>%n edit waits.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Sign in to which server?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server shows another certificate. Trust it?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server&apos;s database is busy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The session on {server} was lost.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The system keeps the password; it is never in a file of OMERO Desk.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The system&apos;s keyring does not answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The system&apos;s keyring has not answered yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no server named {server}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This belongs to {user} on {server}, who is not signed in any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This computer does not trust the certificate of {server}; no password was sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This computer has no keyring to keep a password in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This computer has not enough memory for the answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is not the Ice that OMERO Desk builds: a server can end the program with a text, and not every server is told from another that answers in its place. Install OMERO Desk anew with ./run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This server cannot do that.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This server is too old for that request.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This session on {server} has expired. Please sign in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time that the server takes to answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tr&amp;y now</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Tried %n times.</source>
        <comment>Tried %n time.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Try to reach the server at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trying now…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type the name of an OMERO server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type the user and the password in their own fields, not in the address.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type your password.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type your user name, or the ID of a session.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Until now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>User</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>User name, or the ID of a session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting to try {server} again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What you see is as of {time}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are not a member of a group named {group}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are not allowed to do this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are not signed in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are not signed in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your default group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your password has expired.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your session on {server} has ended.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your session on {server} has ended. Please sign in again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your session on {server} was ended there. Please sign in again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your session on {server} was idle for too long.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>omero.example.org, or wss://omero.example.org/omero-ws</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the demo library</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the library of {folder}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{kind} {id} belongs to somebody else, and you are not allowed to see it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{kind} {id} is not on the server any more. Refresh to see what is there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} could not be started.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} could not be started. {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} could not be started: it has said nothing for {minutes} minutes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}&apos;s server has stopped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} could not be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{scheme}:// is not known. Type a name, or an address with ws:// or wss://.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{server} answers, but it is not an OMERO server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{server} cannot be found any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{server} cannot be reached.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{server} could not check the password.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{server} does not answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{server} does not speak OMERO&apos;s protocol.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{server} has another database than before, so this is another account. Sign in to use it; edits that are not saved are kept for the account that they were made for.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{server} has no certificate: it cannot be told from another server that answers in its place.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{server} is not an OMERO server: it does not encrypt (TLS).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{server} is not an address that OMERO Desk understands.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{server} is shutting down.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{server} refused the encrypted connection (TLS).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{server} refuses connections: OMERO is not running there, or the port is wrong.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{server} shows another certificate than before. Either it was renewed, or somebody else answers in its place; no password was sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{server} takes no new sessions at this moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{server} takes no new sessions now: it is full, starting, or in maintenance. Try again later.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{text} is no server&apos;s name and no IPv6 address.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{user} in {group}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{text}” cannot be the name of a server.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Exports</name>
    <message numerus="yes">
        <source>%n files are still being written</source>
        <comment>%n file is still being written</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n planes</source>
        <comment>%n plane</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n planes of {size}</source>
        <comment>%n plane of {size}</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Copy the view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Detail</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Part</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save the view as PNG…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Sections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Time points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A folder already has that name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All channels, with the pixel values as acquired</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose sections and time points, the part in view, or less detail</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the view, or drag it out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Detail</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag the view from here into another program; a click copies it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw scale bar, ROIs and captions over the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First section in the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First time point in the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In the image&apos;s own pixels: {width} x {height} pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Include scale bar and &amp;overlays</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last section in the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last time point in the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Level of detail of the planes in the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No part of the image is in view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OME-TIFF (*.ome.tif *.ome.tiff)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PNG (*.png)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Part</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Part in view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Part of the image that goes into the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save a &amp;part as TIFF…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save all planes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save all planes as TIFF…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save planes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the view at &amp;full resolution…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save this plane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save this plane as TIFF…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save this z-stack</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save this z-stack as TIFF…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save which part of the image?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved {file}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved {path}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saving {file}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>TIFF for ImageJ (*.tif *.tiff)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That disk is read-only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That folder does not exist.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk does not allow files of that size.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk does not allow such a file name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file name is too long.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The planes are too large; save a part instead</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is not enough space on the disk.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too large at {width} x {height} pixels: zoom in first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whole image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You do not have permission to write to that folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your space on that disk is used up.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>to</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{done} of %n planes</source>
        <comment>{done} of %n plane</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{file} was not saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} was not saved. {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{planes}, {size}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{planes}: too large, choose less detail or a smaller part</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{width} x {height} pixels</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Finding</name>
    <message numerus="yes">
        <source>%n found</source>
        <comment>%n found</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Commands</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl ↵</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Esc</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It cannot be used here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loaded here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing that is loaded, and no command, has this in its name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search loaded objects and commands</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tab</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>commands only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>next kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>open, select or run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>show in tree</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{kind} {id}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Gallery</name>
    <message numerus="yes">
        <source>%n images</source>
        <comment>%n image</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Descending</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Gallery</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Acquired</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Annotations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear filter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click to sort by a column; drag its edge to make it wider</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Descending</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Descending: largest, latest or last first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fetch and show small pictures of images</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Filter %n images</source>
        <comment>Filter %n image</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Filter by name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gallery</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images in screens and plates are not shown here: select one plate to see its wells.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images that come in later are here after a refresh.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Larger and smaller thumbnails</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest, latest or last first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at it large; the arrow keys go on, Space or Esc ends it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>One of %n images of a fileset.</source>
        <comment>One of %n image of a fileset.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Open the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preview of {name}. Space or Esc closes it, the arrow keys go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show images as a table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show images as small pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sort by: {column}, {order}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Owner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image here matches “{text}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No images here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No images in this dataset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No images in this project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No images to show here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No orphaned images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size of thumbnails</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size of thumbnails (Ctrl and the wheel, Ctrl++ and Ctrl+-)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Some images may be missing. {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Spreadsheet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>T</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The images could not be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>The names of %n images were searched.</source>
        <comment>The name of %n image was searched.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>The server cannot make a thumbnail of this image.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server did not return an image.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This image has no pixels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This image is not there any more, or you may not see it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thumb&amp;nails</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thumbnails</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Z</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ascending</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>descending</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{missing} of {total} images are not here. {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} (image {id})</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{shown} of %n images</source>
        <comment>{shown} of %n image</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Numbers</name>
    <message>
        <source>{number} billion</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} million</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} thousand</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Plates</name>
    <message>
        <source> of {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n fields</source>
        <comment>%n field</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n wells</source>
        <comment>%n well</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Retry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All runs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Annotations of images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Annotations of wells</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>B, 12 or B3 means a row, a column or a well. Other words are looked for in the wells&apos; types and descriptions, the images&apos; names, tags, and key-value pairs as key=value.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear filter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour the wells of the plate by a number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Context menu of the wells, with the annotation counts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Field </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Field that is shown of each well</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Field {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fields</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fields of the well</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Filter %n wells</source>
        <comment>Filter %n well</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Filter wells</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fit the plate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Heat &amp;map by…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Larger and smaller wells</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image in this field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No plate is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No well</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No well is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No well matches “{text}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No wells on this plate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not all of the plate could be read. {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Position: {x}, {y}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Positions of the fields in the well</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ROIs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read the fields of the well again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read the table again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading {name}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading {name}… {percent} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run whose fields are shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run {id}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select one well</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all wells, and follow the window&apos;s size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show images instead</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show images, or colour the wells by a count, a key&apos;s value or a table&apos;s column</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show in the wells</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the well&apos;s image in a tab</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the whole plate (Ctrl+0)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size of wells</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size of wells (Ctrl and the mouse wheel)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Table {id}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The plate could not be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The plate has no numbers to colour its wells by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The tables of this plate cannot be read. {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The well has no image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This plate has wells in row or column {size}; OMERO Desk shows {most}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This run belongs to no plate that you may see.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Well {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wells come with the import of a plate&apos;s images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wells of the plate</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>mean of %n rows per well</source>
        <comment>mean of %n row per well</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>mean of {least} to {most} rows per well</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{matching} of %n wells</source>
        <comment>{matching} of %n well</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{measure} (none here)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{measure}: from {low} (dark) to {high} (light)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} (image {id})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} cannot be read. {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} has no numbers for the wells of this plate.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{table}, file {id}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{wells}, the first {number} of them</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>… and %n more</source>
        <comment>… and %n more</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ROIs</name>
    <message numerus="yes">
        <source>%n not saved</source>
        <comment>%n not saved</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rows were written to {file}.</source>
        <comment>%n row was written to {file}.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n shapes</source>
        <comment>%n shape</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n shapes are not saved</source>
        <comment>%n shape is not saved</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n shapes are not saved. They are kept until the program ends: open the image again to see them.</source>
        <comment>%n shape is not saved. It is kept until the program ends: open the image again to see it.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n shapes measured: see the table&apos;s last columns.</source>
        <comment>%n shape measured.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Cancel export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Discard shapes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Go to it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Hide shapes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Load shapes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Measure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Retry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Revert to saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save shapes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Table…</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>, %n selected</source>
        <comment>, %n selected</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>, and %n of unknown kinds</source>
        <comment>, and %n of an unknown kind</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Add vertex</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Also the intensities inside each shape at every time point, in each active channel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Also the intensities inside each shape, in each active channel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Area inside the outline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Arrow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At the same place, on the plane in view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C&amp;omment…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change planes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change style</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Channel, counted from 1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click for each vertex or draw by hand, double-click to end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click, then type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour inside the outline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour of the outline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comma-separated values (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comment</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Comment for all %n shapes:</source>
        <comment>Comment for %n shape:</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Comment or label text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy shapes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Counting shapes…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete what is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Double-click or press Enter to go to the shape. Press F2 or click a selected cell to edit comment and planes.
On the image, N and Shift+N step through the shapes; so does Tab from a selected one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag from corner to corner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag from corner to corner of the box around it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag from end to end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag to the tip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw the outlines of the selected shapes alone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drawing tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit comment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit shapes and their style</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ellipse</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Export %n shapes</source>
        <comment>Export %n shape</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Export cancelled: no file was written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the table, with or without intensities, as comma-separated values (CSV)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fill colour…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter by comment, type or owner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Font size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Font size of labels in points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Geometry, area and length of each shape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Greatest intensity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide the selected shapes over the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ID of the region that the shape is part of</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ID of the shape on the server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind of shape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Least intensity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Length</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Length of a line, or perimeter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Line colour…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Line width</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Line width in pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load all shapes of this image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make the selected shapes what the server has</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Max {channel}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean intensity inside the shape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean over time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean over time: {shape}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean {channel}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure intensities inside the selected shapes, in each active channel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure intensities inside the selected shapes, in each active channel (M)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measuring…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measuring… {done:.0%}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Min {channel}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the selected shapes to the plane in view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next shape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No shape is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not saved yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not saved: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing measured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Owner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste shapes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plot mean over t&amp;ime</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plot the mean inside the shape at every time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Point</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Point at the plot to step through time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Polyline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press Left or Right to step through time in the plot and the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous shape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ROI</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ROIs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ROIs {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{channel}: mean {mean:.5g}, sd {sd:.4g}, min {minimum:g}, max {maximum:g}, sum {total:.6g}, {count} px</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{loaded} of {total} shapes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rectangle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Regions of interest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Regions of interest: show, draw and measure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove &amp;fill</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove vertex</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resize</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Revert</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rotate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>S&amp;how shapes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SD {channel}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save new, changed and deleted shapes (Ctrl+S)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save shapes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save what was drawn, changed and deleted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select &amp;all on this plane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select the next shape on this plane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select the shape before on this plane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select, move and change shapes. Shift+drag selects several; arrows move them, Alt+arrows resize, Ctrl+arrows turn; a double click on a polygon&apos;s line adds a vertex, Alt+click takes one away</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set comment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all shapes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show on all &amp;time points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show on all Z &amp;sections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show on this &amp;plane only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show or hide all shapes over the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show or hide all shapes over the image (H)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show or hide shapes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the ROIs of the image first (O)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the selected shape as large as it can be</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the selected shapes at every depth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the selected shapes at every time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the selected shapes over the image again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody else has changed this shape meanwhile. Delete it again if you still want to.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody else has changed this shape meanwhile. Save again to keep yours, or revert to keep theirs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody else has deleted this shape meanwhile. Save again to restore it, or revert to accept that.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Standard deviation of a sample</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sum of the intensities</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sum {channel}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>T</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Table with &amp;intensities…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Table with intensities over &amp;time…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the last step back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The image has one time point only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The pixels of this mask are not known any more, so it cannot be restored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server did not delete these shapes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The shapes are as they were saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These shapes belong to another user, who is not signed in now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time point, counted from 1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To paste them here or into another image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>User who drew the shape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>User {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You may not change these shapes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You may not change this shape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You may view this image, but not draw on it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Z</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Z section, counted from 1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>intensities</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>intensities over time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>new</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no shapes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>rois</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>saving…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>t {number}   {values}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>you may not change shapes of other users</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{channel}: no pixels inside the shape, or too many to measure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{figure} in {channel}, on the shape&apos;s plane, or the plane that was in view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} was not written: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{kind}, cannot be drawn</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Rendering</name>
    <message numerus="yes">
        <source>%n images are rendered like this one now.</source>
        <comment>%n image is rendered like this one now.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n images have other channels or pixel types and were left as they are.</source>
        <comment>%n image has other channels or another pixel type and was left as it is.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Apply</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Paste settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save as my settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A logarithmic curve has no gamma</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>All images in them are changed.</source>
        <comment>All images in it are changed.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>All off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Auto all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Auto contrast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Auto contrast of {channel}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Black level of {channel}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour and lookup table of {channel}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour of {channel}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour, curve and contrast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contrast limits of {channel}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contrast, gamma and histogram</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy, paste and use rendering settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Curve</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cyan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details of {channel}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag the ends to set black and white; double-click for auto contrast. Left and Right move an end, with Shift in larger steps; Down chooses the black end, Up the white one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exponent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exponent of the exponential curve</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exponential</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Full range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gamma</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gamma (polynomial)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gamma of {channel}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gamma: values below 1 brighten dark parts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Green</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Grey</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide all channels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Imported</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Imported rendering</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Least to greatest value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Linear</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Logarithm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Logarithmic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lookup table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Magenta</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>My rendering</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image and no dataset is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No settings were copied</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was undone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Orange</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other colour…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pixel value shown as black</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pixel value shown as white, or as the channel&apos;s full colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Red</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Render the %n selected images like this image?</source>
        <comment>Render the selected image like this image?</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Render the images in the %n selected datasets like this image?</source>
        <comment>Render the images in the selected dataset like this image?</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Rendering of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rendering settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reverse intensity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save and &amp;apply to the selection…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set the contrast of all active channels by the pixels in view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings of {channel}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all active channels in colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all channels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show one channel at a time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show only this channel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the first active channel in grey</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show {channel}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>The changed rendering settings of %n images are not saved</source>
        <comment>The changed rendering settings of %n image are not saved</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>The server kept other settings than those that were saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These settings are those of {author}, who is not signed in now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>User {id}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>White</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>White level of {channel}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yellow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your own settings of those images are replaced. This cannot be undone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your rendering settings of this image are saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{length} nm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} (owner)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Services</name>
    <message numerus="yes">
        <source>%n calls</source>
        <comment>%n call</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Services</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A worker of its own, so that slow work of one sort never delays another</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Abridged, without secrets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Age</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Arguments</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Browsing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bytes received</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C&amp;lear</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calls that wait for their turn</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calls to the server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel c&amp;all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel this lane&apos;s current call (Del); the next one follows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear finished calls</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connection lost</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel the selected running calls</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the selected calls, tabs between the columns</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Doing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Duration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed &amp;only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter by method, arguments or outcome</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter the calls</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Given up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How often the call was sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Idle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JSON lines (*.jsonl);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lanes and what each is doing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Method</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open services: {names}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rows or objects received</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as &amp;JSON lines…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the calls</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the calls in the table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved the calls in {path}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seconds since the call began</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Services</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Services: calls to the server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The call under way</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The calls could not be saved in {path}: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The end of the call</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request to the server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The start of the call</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The worker that ran the call</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thumbnails</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time from the start to the answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tries</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You cancelled this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Sheet</name>
    <message numerus="yes">
        <source>%n cells are too long for this pattern.</source>
        <comment>%n cell is too long for this pattern.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cells changed</source>
        <comment>%n cell changed</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cells are longer than any text that a server takes: they are left out.</source>
        <comment>%n cell is longer than any text that a server takes: it is left out.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cells cannot be filled: {reason}</source>
        <comment>%n cell cannot be filled: {reason}</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cells replaced.</source>
        <comment>%n cell replaced.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cells were filled. They are not saved yet.</source>
        <comment>%n cell was filled. It is not saved yet.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cells were left as they are. {reason}</source>
        <comment>%n cell was left as it is. {reason}</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cells were not saved: {reason}</source>
        <comment>%n cell was not saved: {reason}</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n changed cells are not saved</source>
        <comment>%n changed cell is not saved</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n columns are left out: {names}{more}</source>
        <comment>%n column is left out: {names}{more}</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n images</source>
        <comment>%n image</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rows are images here.</source>
        <comment>%n row is an image here.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rows are left out, as they match several images or one that another row has</source>
        <comment>%n row is left out, as it matches several images or one that another row has</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rows have more cells than there are headings: those are left out</source>
        <comment>%n row has more cells than there are headings: those are left out</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rows match nothing</source>
        <comment>%n row matches nothing</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Add column</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Discard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Image in column</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Matched by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>(no heading)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>(no key)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A quotation mark is not closed, so all of them are taken for letters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A rating is a whole number from 0 to 5.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A tag with a semicolon in its name cannot be edited here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Acquired</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a column</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add column for a key…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>After</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As in the gallery</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Before: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Changes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clipboard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Column</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Column that says which image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Columns</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comma-separated values (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comments</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy cells</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cut cells</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Discard %n changes?</source>
        <comment>Discard %n change?</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Discard…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Double click sorts; drag moves; right click for more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit the cell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Empty cells</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Excel (*.xlsx)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Excel takes at most 1,048,576 rows and 16,384 columns. Export it as CSV.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export table…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tab-separated values (*.tsv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tables (*.xlsx *.csv *.tsv *.tab *.txt)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the spreadsheet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exported to {path}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Fill %n cells</source>
        <comment>Fill %n cell</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Fill cells from “{file}”?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fill down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter columns</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter {column}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find and replace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ID of the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import into the spreadsheet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import table…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It took too long: the other cells were not looked at.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key-value pairs get this key where you fill a cell.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading, {done} of {all} rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Match case</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Matched by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not all rows could be read. {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not saved yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only in selected cells</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only the beginning of this very long name is known here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Only the sheet “{sheet}” is read: %n others are left out.</source>
        <comment>Only the sheet “{sheet}” is read: %n other is left out.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Open as spreadsheet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste cells</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rating</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Regular expression</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Review</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Review changes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Row {row} has a text of more than 32,767 characters, which Excel does not take. Export it as CSV.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Save %n changes</source>
        <comment>Save %n change</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Save changes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saving</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saving, {done} of {all}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select images, datasets or a project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show and hide columns, add one for a key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show images as a spreadsheet in which what is written about them can be changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show what is selected as a spreadsheet; several images alone, without the others</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Some letters could not be read: they are shown as �.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody else has changed this meanwhile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody else has changed this to “{text}” meanwhile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody else has removed this meanwhile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sort down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sort up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Spreadsheet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tags</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tags with semicolons between them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take back what was typed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text of the selected cells</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file could not be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file could not be written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is larger than 64 MB.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is larger than what can be taken: its end is left out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>The first 2,000 of %n are listed.</source>
        <comment>The first 2,000 of %n are listed.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>The tag “{tag}” was put there by somebody else: you may not remove it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This Excel file cannot be read: it is damaged, or of another kind.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This Excel file has no sheet with cells.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This Excel file holds too much to be read. Save the part of it that is needed, or CSV.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This Excel file is protected by a password. Save it without one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This column is only read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This file has no rows below a heading.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This file is not a workbook of Excel 2007 or later. Save it as “.xlsx” or as CSV.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is not a pattern: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This key has several values. They can be edited in the inspector.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This pattern repeats what repeats already, which can take very long. Make it simpler.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This row is not read yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This value is not in key-value pairs of your own that are on this image alone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type what is to be found, at most 500 characters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was copied is larger than the sheet: the rest was left out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whole cell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You may not annotate this image, or it is not there any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You may not annotate this image.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You may not rename this image.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{cells} in {images}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{column}, row {row}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{column}, rows {first} to {last}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{first} to {last}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{image}, {column}: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{rows} (rows {numbers}{more}).</source>
        <comment>{rows} (row {numbers}{more}).</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Tables</name>
    <message numerus="yes">
        <source>%n columns</source>
        <comment>%n column</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n columns are left out: what they hold is not known here</source>
        <comment>%n column is left out: what it holds is not known here</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n lines do not fit and are left out:</source>
        <comment>%n line does not fit and is left out:</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n objects are selected</source>
        <comment>%n object is selected</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rows</source>
        <comment>%n row</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rows are selected.</source>
        <comment>%n row is selected.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rows without a finite number are left out.</source>
        <comment>%n row without a finite number is left out.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tables are being made</source>
        <comment>%n table is being made</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Copy cells</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Find</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Hide</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Make table</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>&amp;Make table without %n lines</source>
        <comment>&amp;Make table without %n line</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Order of the table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A cell has more than {most:,} characters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A condition cannot hold this: look at character {place}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A condition has no such operator.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Across</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All lines fit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All of these are true</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Build…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cells of the table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose columns, comparisons and values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear condition</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Column</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Column {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Columns</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Columns and their kinds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comma-separated values (*.csv *.tsv *.txt);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comma-separated values (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare with ==, !=, &lt;, &lt;=, &gt; or &gt;=.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comparison</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Condition</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Condition, such as (Area &gt; 50) &amp; (Drug == &apos;DMSO&apos;)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dataset ID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag in the picture to select rows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag to select rows by their values; Esc selects none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw a histogram of a column, or two columns</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First rows of the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to {kind} {id}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How the lines go together</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image ID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It has {found} cells, and there are {wanted} columns.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lasso</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Line {line}: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lines of the file that do not fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Made table {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make a table (OMERO.tables) of a file of comma-separated values, and hang it on the selection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make a table for {about}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Making table {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Masks have no order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More than {most:,} rows match. Write a condition that fewer rows meet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>NaN</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New ta&amp;ble from CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New table from a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No column of this table can stand in a condition.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No column of this table holds numbers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No row matches the condition</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>No table hangs on these %n objects</source>
        <comment>No table hangs on this object</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing can be attached to this</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing hangs on what is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing that these rows are about is there to be selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One of these is true</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only numbers can be computed with.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Op&amp;en tables…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plate ID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plot</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plot of columns</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press Return to find these rows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put each comparison in brackets: (a &gt; 1) &amp; (b == 2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ROI ID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read the table again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading… {percent} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove this line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rows for which this is true. Compare with == != &lt; &lt;= &gt; &gt;=; &amp; | ~ are and, or, not, between brackets;
texts stand in quotes, names that are no plain words between back quotes: `Cell area` &gt; 5</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the rows of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Searching… {percent} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select in the window what the selected rows are about</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select one object</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select points within a shape that is drawn, instead of a rectangle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select rows first, in the grid or in the plot.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show &amp;all columns</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show or hide columns</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the tables (OMERO.tables) that hang on what is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sort &amp;down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sort &amp;up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sorting by {name}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sorting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Table {id}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tables</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The column {name} cannot stand in a condition.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file cannot be read as comma-separated values: line {line}. {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file has more than {most:,} columns.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file has more than {most:,} rows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is empty: it has no line with names of columns.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is larger than {most} MB.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The first {read} of {total} rows are drawn.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The function {name} takes other values.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object that the table is for is not there any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The rows cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server cannot read this table: its file is damaged, or something else keeps it locked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server did not delete the unfinished table.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server says that this table has {rows} rows, which no table has.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The table has other rows or columns than before. Read it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The table is not open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The table {name} was made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The table {name} was not made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The unfinished table, file {id}, could not be deleted. {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are no numbers to draw. {note}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no column “{name}”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no function {name} of so many values.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This column cannot be shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This compares {one} with {other}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This compares {one} with {other}: texts stand in quotes, numbers do not.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This file is no OMERO.table.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is no condition.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is no condition: look at character {place}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is no value.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is too long for a condition.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This number is too large.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This says nothing that can be true or not: compare it with something, as in n &gt; 1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This server has no service for tables now, so that no table can be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This server has no service for tables now, so that none can be made.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This sign stands before {needed} only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This table cannot be shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This table has no columns</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This table has no rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This table is not open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This table is not there any more: somebody deleted it, or you may not see it any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too many cells are selected to be copied. Save them as a file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too much stands within each other here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>True or false</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type a value for “{name}”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Well ID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which rows do you look for?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whole number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write == to ask whether two values are equal.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a condition, such as n &gt; 1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the rows that are found to a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write {sign} between comparisons in brackets: (a &gt; 1) {sign} (b == 2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write ~ in front of a comparison in brackets: ~(a &gt; 1).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You may not annotate this</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a truth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>false</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>is at least</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>is at most</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>is less than</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>is more than</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>is no number (NaN)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>is not</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>true</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>x</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>y</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done} of {total} rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} was not read. {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{found} of {total} rows match</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{kind} {id} is not there, or you may not see it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} (table, file {id})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{rows} of {columns} in the file. Columns of IDs become links to what they name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{rows}, the first {most} are shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{total} rows are too many to be sorted, as their values have to be read: the most are {most}. Search for fewer first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{words}: those of the first {most} rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{cell}” in “{column}” is neither true nor false.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{cell}” in “{column}” is no ID.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{cell}” in “{column}” is no number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{cell}” in “{column}” is no whole number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{column}” holds a character that no table can.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{value}” is no number for “{name}”.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Tree</name>
    <message numerus="yes">
        <source>%n annotations</source>
        <comment>%n annotation</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Annotations column</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Collapse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Expand all below</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Filter by name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Retry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A folder has no annotations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Acquired</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All members</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Annotations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Annotations could not be counted: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Annotations: {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Annotations: {number} on %n objects</source>
        <comment>Annotations: {number} on %n object</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Annotations: {number} on the first {counted} of %n objects</source>
        <comment>Annotations: {number} on the first {counted} of %n object</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Choose another group or owner above, or look again later.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear filter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comments: {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Context menu, with the annotation counts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Could not load the tree</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Could not load {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Count annotations in the tree</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Created</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dataset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Description</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fetch again what could not be fetched</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fetch the whole tree again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files: {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter by name</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Filtering the %n rows that are loaded</source>
        <comment>Filtering the %n row that is loaded</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Imported</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key-value pairs: {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading {name}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading {name}… {arrived} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next and previous part of the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing here could not be fetched</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing here yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing loaded matches “{text}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing selected can have annotations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Objects in it: {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only images and what holds others can be opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open or close what is selected in the tree</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Opened %n rows. Press * on one of the others to go on.</source>
        <comment>Opened %n row. Press * on one of the others to go on.</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Orphaned images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other: {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Owner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press Return on the well in its plate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Private: members see only their own data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Projects, datasets, images, screens and plates</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ratings: {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read-annotate: members see and annotate each other&apos;s data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read-only: members see each other&apos;s data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read-write: members may change each other&apos;s data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refresh all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select one object</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show an image in a tab, or what a container holds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show it in the inspector</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show only what has some text in its name, where the focus is: in the tree or among the images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tags: {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is not in the tree as it is now: look at another group or owner.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The filter looks at the rows that were opened before.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server sends the same objects again and again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The tree could not be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is nothing below it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tr&amp;y again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Well</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are not signed in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{kind} ID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} (me)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Viewer</name>
    <message>
        <source> /s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> of {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;All sections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>(of {step} x {step} pixels)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Actual size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add what is selected to the images side by side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Auto contrast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back and forth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Channel {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Channel {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Channels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contents</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End x of the line, in pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End y of the line, in pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter the number of a time point; press again for a section</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First section of the projection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fit the image into the view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From the tab into a window, or back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to a section (Ctrl+G)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to a time point (Ctrl+G)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to plane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Grey</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image {id}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its thumbnail is shown until then.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind of projection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last section of the projection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Length {length}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Line from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All tabs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Black</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C&amp;lose tab</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change what lies over the image: the scale bar, the grid, the overview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close &amp;all tabs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close ot&amp;her tabs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour of the scale bar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cyan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exchange left and right of the view; the image stays as it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fixed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Grid</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Least to greatest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Length</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Length of the scale bar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Line profile: the values along a line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link T</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link Z</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link channels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link zoom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link zoom, in pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link zoom, in µm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lower left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lower right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Magenta</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Maximum intensity projection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean intensity projection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Medium</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Merge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Minimum intensity projection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move to new window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ne&amp;xt tab</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next and previous section</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image is in front</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image is in front: open one, or go to its tab</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No tab was closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not for images side by side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open closed &amp;tab again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open side by &amp;side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening the image…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order of the sections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order of the time points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Orthogonal views</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Orthogonal views need whole sections; those of this image are too large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Orthogonal views: XY, XZ and YZ through one place</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Overview of the whole image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pixel values under the mouse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Place</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Planes per second</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Planes read for the orthogonal views</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Planes read for the projection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play and stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play the sections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play the sections, each once its pixels have been read (Space)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play the time points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play the time points, each once its pixels have been read (Space)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pre&amp;vious tab</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous and next time point</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Project all sections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Projection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The first {shown} of {wanted} images are shown: {most} stand side by side.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading pixels…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reduced {factor}-fold to fit into memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Return to single sections (Esc)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Return to the rendering settings that the image was opened with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rotate to the left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rotate to the right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save or copy the view or the planes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the line profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the values along the line as a table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scale bar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scale bar and overlays</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scale bar&apos;s colour, length and place…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Section</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Section (Page up, Page down)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Section above (Page up)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Section below (Page down)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Section number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select two to four images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select up to three other images in the library, to see this one beside them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set the contrast by the pixels in view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set the contrast from the least to the greatest value in view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show &amp;beside</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show a grid of lines at round distances</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all images at the same physical scale, with their middles aligned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the first active channel in grey, or all channels in colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the image at actual size, 100 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the image larger (+)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the image on the whole screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the image side by side with those that are selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the image smaller (-)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the same pixels of all images; not all images have a pixel size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the same section of all images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the same time point of all images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the scale bar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shown in a corner while only a part of the image is in view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Single plane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Single plane: one section at one time point, all active channels together</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Single planes, projections, and other ways to see the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Small</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speed of playing the sections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speed of playing the time points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speed: </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Split channels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Split channels: each active channel alone, beside the merged image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start x of the line, in pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start y of the line, in pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sum projection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Table (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The image has one channel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The image is not there yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The left and right arrow keys go along the line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The pixels could not be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server says that a level or tile of this image is {size} pixels wide or high.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The size of the image&apos;s pixels is not known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no room: {most} images stand side by side.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is only one section to see</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is only one tab</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This image cannot be shown. {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This image has an impossible number of planes, {size}, so it cannot be shown.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This image has an impossible size, {size} pixels, so it cannot be shown.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This image has no pixels: they were never imported, or have been deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This image has pixels of the type {type}, which OMERO Desk cannot show.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This image has {size} channels. OMERO Desk shows images of 1 to {most} channels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This image is too large to be shown whole: the server has no smaller version of it. Zoom in to see it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time point</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time point (comma, full stop)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time point after (full stop)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time point before (comma)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time point number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time since the acquisition began</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To move the crosshair, click, or press Shift with an arrow key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn the view by a quarter, clockwise; the image stays as it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn the view by a quarter, counterclockwise; the image stays as it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Up to four selected images in one tab</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Upper left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use the current image&apos;s channel settings for all images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Values along the line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>White</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yellow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Z projection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Z projection: the maximum, mean, sum or minimum of several sections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom in and out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in steps of {step} pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>of sections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>x {x} y {y}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>x {x}, y {y}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{plane} view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what} of the scale bar</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message numerus="yes">
        <source>%n more</source>
        <comment>%n more</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n times</source>
        <comment>once</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;About OMERO Desk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Bottom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Inspector</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Left side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Refresh</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Stay</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A desktop browser for OMERO servers, with an OMERO-compatible server of its own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About OMERO Desk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the &amp;system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C&amp;ancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calls to the server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose something in the tree to see what it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everywhere in the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fetch what is selected again, or all; what is open stays open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Free software under the GNU General Public License, version 2 or later.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gallery</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>If you leave now, this is lost:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images side by side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Information</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Discard and leave</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Next region</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Organise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Previous region</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Search…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Sign in…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Sort by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bac&amp;k</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close this region</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everywhere but on an image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>F&amp;orward</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>F&amp;ull screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find a c&amp;ommand…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>G&amp;o to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go back to what was selected or open before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go forward again, after going back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go with the keyboard to the next region of the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go with the keyboard to the region of the window before this one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is not among the rows of the tree that are loaded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave before all is saved?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading, {done} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading, {done} so far</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is open or selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OMERO Desk cannot write to its folders, so these are not kept: {contents}. Make the folders writable, or name another one in {variable}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OMERO is developed by the Open Microscopy Environment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One moment…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the &amp;demo library</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ROI &amp;tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ROIs, while their tab is in front</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ratin&amp;g</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Real microscope images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save &amp;all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search all commands by their names, and run one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search loaded objects and commands</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select in the tree what is open, or selected elsewhere</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sho&amp;w in tree</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show &amp;log file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the technical details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the window on the whole screen, or as it was</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show what else there is to know</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show what is running, and what was done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign in to an OMERO server, look around in the library that comes along, or open a folder of your own images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something in OMERO Desk went wrong ({kind}). What you did last may not have worked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Spreadsheet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>T&amp;heme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Technical details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is nothing to go back to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is nothing to go forward to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thumbnails cannot be kept on disk any more. They are read from the server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To your institution&apos;s OMERO server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tree</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Warning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Welcome to OMERO Desk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is shown here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are not signed in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You stopped the loading.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your settings could not be read ({error}). They are kept in {file}; the usual ones are used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your settings could not be saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your settings in {file} could not be read ({error}). The usual ones are used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <comment>and %n more</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>thumbnails</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
